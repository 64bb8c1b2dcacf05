import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeSync, copyFileSync, openSync, readFileSync, writeSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { type Log } from '../src/index.ts';
import { append, clock, event, tempDir, openLog, type OpenLog } from './support.ts';

const DAY = 24 * 60 * 60 * 1000;
const PAGE = 16 * 1024;
/** More than a run, so that the first IDs are in a run and the last ones in memory. */
const COUNT = 72_000;

describe('a log that receives known events again', () => {
  const temp = tempDir();
  const now = clock();
  const base = temp.path('base.db');
  beforeAll(async () => {
    const log = openLog({ file: base, now });
    for (let n = 0; n < COUNT; n += 4_000) {
      await append(
        log,
        Array.from({ length: 4_000 }, (_, at) => event(`m${n + at + 1}`)),
      );
    }
    await log.close();
  }, 60_000);
  afterAll(temp.clean);

  const open = (name: string, dedupeWindowMs = 7 * DAY, change?: (file: string) => void): OpenLog => {
    const file = temp.path(name);
    copyFileSync(base, file);
    change?.(file);
    return openLog({ file, now, dedupeWindowMs });
  };
  /** Returns the accepted numbers. */
  const accepted = async (log: Log, numbers: readonly number[]): Promise<number[]> => {
    const answers = await log.append(numbers.map((n) => ({ sourceId: 'shop', event: event(`m${n}`) })));
    return numbers.filter((_, index) => answers[index]!.accepted);
  };
  const some = [1, 2, 3_999, 4_000, 4_001, 65_536, 65_537, 70_000, COUNT];

  it('accepts none of them again, and new ones once', async () => {
    const log = open('again.db');
    expect(await accepted(log, [...some, COUNT + 1, COUNT + 1, ...some])).toEqual([COUNT + 1]);
    expect((await log.append([{ sourceId: 'other', event: event('m1') }]))[0]).toEqual({ accepted: true });
    await log.close();
  });

  it('accepts removed events again, and only those', async () => {
    const log = open('pruned.db');
    expect(await accepted(log, [1])).toEqual([]);
    const keep = async (first: number, last: number): Promise<readonly number[]> =>
      first <= 2 && last >= 2 ? [2] : [];
    const { through = 0 } = await log.prune({
      upTo: 8_000,
      before: now() + 1,
      maxBytes: Number.POSITIVE_INFINITY,
      keep,
    });
    expect(through).toBeGreaterThan(100);
    expect(await accepted(log, [1, 2, through, through + 1, COUNT])).toEqual([1, through]);
    await log.close();
  });

  it('accepts events again that are older than the window', async () => {
    const log = open('old.db', DAY);
    now.advance(DAY - 1);
    expect(await accepted(log, some)).toEqual([]);
    now.advance(1);
    expect(await accepted(log, some)).toEqual(some);
    expect(await accepted(log, some)).toEqual([]);
    await log.close();
    now.advance(-DAY);
  });

  it('accepts events again that it cannot recognise in a damaged file', async () => {
    const log = open('damaged.db', 7 * DAY, (file) => {
      const database = new DatabaseSync(file);
      const { entries } = database.prepare('SELECT entries FROM id_pages LIMIT 1').get() as {
        entries: Uint8Array;
      };
      database.close();
      const bytes = readFileSync(file);
      // A page of the index, and the one of the block that holds the newest event.
      const index = Math.floor(bytes.indexOf(entries) / PAGE);
      const block = Math.floor(bytes.lastIndexOf(`"messageId":"m${COUNT - 200}"`) / PAGE);
      const handle = openSync(file, 'r+');
      writeSync(handle, Buffer.alloc(PAGE, 7), 0, PAGE, index * PAGE);
      writeSync(handle, Buffer.alloc(PAGE, 7), 0, PAGE, block * PAGE);
      closeSync(handle);
    });
    const numbers = Array.from({ length: 4_000 }, (_, at) => COUNT - at);
    const lost = await accepted(log, [...Array.from({ length: 4_000 }, (_, at) => at + 1), ...numbers]);
    expect(lost.length).toBeGreaterThan(0);
    expect(lost.length).toBeLessThan(400);
    await log.close();
  });
});
