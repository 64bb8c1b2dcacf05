import { afterAll, describe, expect, it } from 'vitest';
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

import { append, destination, event, tempDir, world, openLog, openState } from './support.ts';

const temp = tempDir();
afterAll(temp.clean);

/** A log file with 40 commits of 5 events of some size, closed; its content is on disk. */
async function logFile(name: string, filler = 200): Promise<string> {
  const file = temp.path(name);
  const log = openLog({ file });
  for (let n = 0; n < 40; n += 1) {
    await append(
      log,
      Array.from({ length: 5 }, (_, at) => event(`m${n * 5 + at + 1}`, `u${at}`, { x: 'y'.repeat(filler) })),
    );
  }
  await log.close();
  const database = new DatabaseSync(file);
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  database.close();
  return file;
}

function overwrite(file: string, offset: number, bytes: Uint8Array): void {
  const handle = openSync(file, 'r+');
  writeSync(handle, bytes, 0, bytes.length, offset);
  closeSync(handle);
}

/** Returns the offset of a string in a file. */
function find(file: string, text: string): number {
  const at = readFileSync(file).indexOf(text);
  if (at < 0) throw new Error(`"${text}" is not in the file.`);
  return at;
}

async function deliver(file: string) {
  const log = openLog({ file });
  const state = openState({ file: ':memory:' });
  const seen: string[] = [];
  const one = destination((things) => {
    seen.push(...things.map(({ payload }) => payload.id));
    return things.map(() => ({ status: 'delivered' as const }));
  });
  const room = await world([one], { log, state });
  room.engine.wake();
  await room.engine.idle();
  await append(log, [event('later')]);
  room.engine.wake();
  await room.engine.idle();
  return { room, seen, state };
}

describe('a damaged log', () => {
  it.each([
    ['a byte of an event', '"messageId":"m52"', '\u0001', 1, [52]],
    ['the mark between two events', '"messageId":"m52"', ',', -1, undefined],
    ['the name of a member that every event has', 'messageId":"m52"', 'x', 0, [52]],
  ])('with %s changed sets that event aside and continues', async (what, text, byte, by, expected) => {
    const file = await logFile(`byte-${what.length}.db`);
    const start = by < 0 ? separatorBefore(file, text) : find(file, text) + by;
    overwrite(file, start, Buffer.from(byte));
    const { room, seen, state } = await deliver(file);
    const letters = await state.deadLetters({});
    const lost = letters.map(({ seq }) => seq);
    expect(lost.length).toBeGreaterThan(0);
    expect(lost.length).toBeLessThan(4);
    if (expected !== undefined) expect(lost).toEqual(expected);
    expect(letters[0]).toMatchObject({ code: 'event_unreadable', sourceId: 'shop' });
    expect(letters[0]?.message).toMatch(/position \d+/);
    expect(seen.length).toBe(201 - lost.length);
    expect(seen.at(-1)).toBe('later');
    expect((await room.state.stats())[0]).toMatchObject({ cursor: 201, retrying: 0, rejected: lost.length });
    expect(room.logged.some(({ level, message }) => level === 'error' && /damaged/.test(message))).toBe(true);
    await room.close();
  });

  it('with a page of one block lost sets aside the events of this block', async () => {
    // Large blocks use overflow pages.
    const file = await logFile('overflow.db', 15_000);
    const page = 16 * 1024;
    const inside = find(file, 'm101"');
    const start = (Math.floor(inside / page) + 1) * page;
    overwrite(file, start, Buffer.alloc(page));
    const { room, seen, state } = await deliver(file);
    const lost = (await state.deadLetters({})).map(({ seq }) => seq);
    expect(lost.length).toBeGreaterThan(0);
    expect(lost.length).toBeLessThanOrEqual(5);
    expect(seen.length).toBe(201 - lost.length);
    expect((await state.stats())[0]).toMatchObject({ cursor: 201 });
    await room.close();
  });

  it.each([
    ['a page of one block', 15_000, 1],
    ['a whole page of blocks', 200, 0],
  ])('with %s lost is still read from start to end', async (what, filler, pages) => {
    const file = await logFile(`back-${what.length}.db`, filler);
    const page = 16 * 1024;
    const inside = find(file, '"messageId":"m101"');
    overwrite(file, (Math.floor(inside / page) + pages) * page, Buffer.alloc(page, 7));
    const log = openLog({ file });
    const [seen, lost]: [number[], number[]] = [[], []];
    let before = Number.MAX_SAFE_INTEGER;
    for (;;) {
      const read = await log.read({ before, limit: 7 });
      if (read.length === 0) break;
      for (const { seq, through = seq, damage } of read) {
        const all = Array.from({ length: through - seq + 1 }, (_, n) => through - n);
        seen.push(...all);
        if (damage !== undefined) lost.push(...all);
      }
      before = read.at(-1)!.seq;
    }
    expect(seen).toEqual(Array.from({ length: 200 }, (_, n) => 200 - n));
    expect([lost.length > 0, lost.length < 80]).toEqual([true, true]);
    await log.close();
  });

  it('with a whole page of blocks lost records the gap, and continues after it', async () => {
    const file = await logFile('leaf.db');
    const page = 16 * 1024;
    const start = Math.floor(find(file, '"messageId":"m101"') / page) * page;
    overwrite(file, start, Buffer.alloc(page, 7));
    const { room, seen, state } = await deliver(file);
    const [gap, ...more] = await state.gaps({});
    expect([gap, more]).toMatchObject([{ code: 'event_unreadable' }, []]);
    const lost = gap!.through - gap!.seq + 1;
    expect(gap!.seq <= 101 && gap!.through >= 101).toBe(true);
    expect(lost).toBeLessThan(80);
    expect(seen.length).toBe(201 - lost);
    expect(await state.outcomes([101])).toMatchObject([{ status: 'rejected', code: 'event_unreadable' }]);
    expect((await state.stats())[0]).toMatchObject({ cursor: 201, rejected: lost });
    await room.close();
  });
});

/** Returns the offset of the separator before an event. */
function separatorBefore(file: string, text: string): number {
  const bytes = readFileSync(file);
  const at = bytes.lastIndexOf(',\n', bytes.indexOf(text));
  return at + 1;
}
