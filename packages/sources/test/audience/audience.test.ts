import { afterAll, describe, expect, it } from 'vitest';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SourceContext, SourceEvent, SourcePlace } from '@waybill/core';
import { loadDuckDb, quoted } from '../../src/audience/engine.ts';
import { AUDIENCE_STREAM, audience, audienceStanding, dryRunAudience, wishAudience } from '@waybill/sources';

type Row = Readonly<Record<string, unknown>>;

const folder = mkdtempSync(join(tmpdir(), 'waybill-audience-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const files = join(folder, 'files');
mkdirSync(files);

let sources = 0;

/** An audience source over one file, step by step, as the loop reads it; `shared` makes it one of a store of several processes. */
function under(settings: Row, name = 'members.jsonl', shared?: Map<string, Uint8Array>) {
  const file = join(files, `${(sources += 1)}-${name}`);
  const reach = () => Promise.reject(new Error('There are no connections.'));
  let note: string | undefined;
  const values = {
    read: async (keys: readonly string[]) =>
      new Map(keys.flatMap((key) => (shared!.has(key) ? [[key, shared!.get(key)!] as const] : []))),
    async write(written: readonly { readonly key: string; readonly value?: Uint8Array }[]) {
      for (const { key, value } of written) {
        if (value === undefined) shared!.delete(key);
        else shared!.set(key, value);
      }
    },
  };
  const place: SourcePlace = {
    id: `source/${sources}`,
    folder: join(folder, 'data'),
    files: [files],
    reach,
    note: { read: async () => note, leave: async (text) => void (note = text) },
    ...(shared === undefined ? {} : { values }),
  };
  const given = { file, key: 'id', audience: 'vip', everyMinutes: 0, ...settings };
  const context = {
    settings: given,
    now: () => time,
    memory: new Map<string, unknown>(),
    place,
    request: () => Promise.reject(new Error('There are no requests.')),
  } as unknown as SourceContext;
  let time = Date.UTC(2026, 0, 1);
  let cursor: unknown;
  const read = async (most = Infinity): Promise<SourceEvent[]> => {
    const events: SourceEvent[] = [];
    for (;;) {
      if (events.length >= most) return events;
      const page = await audience.streams[AUDIENCE_STREAM]!.read({ cursor }, context);
      if ('failure' in page)
        throw Object.assign(new Error(page.failure.message), { code: page.failure.code });
      events.push(...page.events);
      const moved = JSON.stringify(page.cursor) !== JSON.stringify(cursor);
      cursor = page.cursor;
      if (!moved && context.memory.size === 0) return events;
    }
  };
  return {
    file,
    place,
    write: (rows: readonly Row[]) =>
      writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join('')),
    async run(what: 'run' | 'reset' = 'run', most = Infinity) {
      await wishAudience(place, what);
      return read(most);
    },
    async confirm(run: number) {
      await wishAudience(place, 'confirm', run);
      return read();
    },
    /** Another process takes it over: it has the store alone. */
    move() {
      rmSync(join(folder, 'data'), { recursive: true });
      context.memory.clear();
    },
    read,
    wait: (minutes: number) => void (time += minutes * 60_000),
    dry: () => dryRunAudience(place, given, cursor),
    standing: () => audienceStanding(cursor),
  };
}

function member(n: number, more: Row = {}): Row {
  return { id: `u${n}`, email: `u${n}@example.com`, plan: 'free', ...more };
}

/** Returns the members according to the events, with their traits. */
function apply(state: Map<string, string>, events: readonly SourceEvent[]): Map<string, string> {
  const ids = new Set<string>();
  for (const { messageId, userId = '', event, properties, traits } of events) {
    expect(ids).not.toContain(messageId);
    ids.add(messageId);
    const { audience_key: _key, vip, ...row } = (properties ?? traits) as Row & { vip: boolean };
    expect(vip).toBe(event !== 'Audience Exited');
    if (event === 'Audience Entered') expect(state.has(userId)).toBe(false);
    else expect(state.has(userId)).toBe(true);
    if (event === 'Audience Exited') state.delete(userId);
    else state.set(userId, JSON.stringify(row));
  }
  return state;
}

describe('an audience source', () => {
  it('reports new, changed and deleted rows, run after run, and nothing else', async () => {
    const one = under({ maxRemovedPercent: 100 });
    let seed = 7;
    const dice = (most: number): number => (seed = (seed * 48_271) % 2_147_483_647) % most;
    const rows = new Map(Array.from({ length: 2_000 }, (_, n) => [n, member(n)]));
    const state = new Map<string, string>();
    for (let round = 0; round < 6; round += 1) {
      const [least, most] = [round * 40, 2_000 + round * 40];
      for (let n = 0; n < (round === 3 ? 1_500 : 30); n += 1) {
        const id = dice(most);
        if (dice(3) === 0) rows.delete(id);
        else rows.set(id, member(id, { plan: ['free', 'pro', 'team'][dice(3)], n: dice(4) }));
      }
      // What went may come again, as it was.
      if (round === 2) for (let n = 0; n < least; n += 1) rows.set(n, member(n));
      if (round === 5) rows.clear();
      one.write([...rows.values()].map((row) => ({ n: null, ...row })));
      if (rows.size === 0) writeFileSync(one.file, '{"id":"x","email":"x","plan":"x","n":1}\n');
      apply(state, await one.run());
      if (rows.size === 0) break;
      const wanted = [...rows.values()].map((row) => JSON.stringify({ n: null, ...row }));
      expect([...state.values()].toSorted()).toEqual(wanted.toSorted());
      const { last } = one.standing();
      expect([last?.run, last?.rows]).toEqual([round + 1, rows.size]);
    }
    expect([...state.keys()]).toEqual(['x']);
  });

  it('waits for a person before it removes more than it may, and shows what a run would do', async () => {
    const one = under({ audienceSettings: { region: 'eu' } });
    one.write([1, 2, 3, 4].map((n) => member(n)));
    const [entered] = await one.run();
    expect(entered).toMatchObject({
      type: 'track',
      event: 'Audience Entered',
      properties: { vip: true, plan: 'free' },
      context: {
        traits: { email: expect.stringContaining('@example.com') },
        personas: {
          computation_class: 'audience',
          computation_key: 'vip',
          audience_settings: { region: 'eu' },
        },
      },
    });
    one.write([member(1, { plan: 'pro' })]);
    const counts = { added: 0, changed: 1, removed: 3 };
    const dry = await one.dry();
    expect(dry).toMatchObject({ counts, before: 4, rows: 1, held: true });
    expect(dry.samples.map(({ kind }) => kind).toSorted()).toEqual(['changed', ...Array(3).fill('removed')]);
    expect(one.standing()).toEqual({ last: expect.objectContaining({ run: 1 }) });
    expect(await one.run()).toEqual([]);
    expect(one.standing().held).toMatchObject({ run: 2, counts });
    expect(await one.confirm(1)).toEqual([]);
    expect(one.standing().held).toMatchObject({ run: 2 });
    const sent = await one.confirm(2);
    expect(sent.map(({ type, event = '' }) => `${type} ${event}`).toSorted()).toEqual([
      'identify ',
      ...Array(3).fill('track Audience Exited'),
    ]);
    expect(one.standing()).toEqual({ last: expect.objectContaining({ run: 2, counts }) });
    expect(readdirSync(join(one.place.folder, Buffer.from(one.place.id).toString('base64url'))).length).toBe(
      2,
    );
  });

  it('accepts other columns, another key, and a restart', async () => {
    const one = under({ events: 'records', query: 'SELECT * FROM rows WHERE keep' }, 'rows.csv');
    writeFileSync(one.file, 'id,keep\na,true\nb,false\nc,true\n');
    const told = (events: readonly SourceEvent[]) =>
      events.map(({ event, userId }) => `${event} ${userId}`).toSorted();
    expect(told(await one.run())).toEqual(['new a', 'new c']);
    writeFileSync(one.file, 'id,keep,n\na,true,1\nb,true,2\nc,true,3\n');
    expect(told(await one.run())).toEqual(['new b', 'updated a', 'updated c']);
    expect(await one.run()).toEqual([]);
    rmSync(one.place.folder, { recursive: true });
    await expect(one.run()).rejects.toThrow('--reset');
    expect(told(await one.run('reset'))).toEqual(['new a', 'new b', 'new c']);
  });

  it('runs when it is due, and replaces a paused run by the next one', async () => {
    const one = under({ everyMinutes: 60 });
    one.write([1, 2].map((n) => member(n)));
    expect((await one.read()).length).toBe(2);
    one.write([1, 2, 3].map((n) => member(n)));
    one.wait(59);
    expect(await one.read()).toEqual([]);
    one.wait(1);
    expect((await one.read()).map(({ userId }) => userId)).toEqual(['u3']);
    one.write([member(1)]);
    one.wait(60);
    expect(await one.read()).toEqual([]);
    expect(one.standing().held).toMatchObject({ run: 3, counts: { removed: 2 } });
    one.write([1, 2, 3, 4].map((n) => member(n)));
    one.wait(60);
    expect((await one.read()).map(({ userId }) => userId)).toEqual(['u4']);
    expect(one.standing()).toEqual({ last: expect.objectContaining({ run: 4 }) });
  });

  it.each([
    ['rows.parquet', 'FORMAT parquet'],
    ['rows.tsv', "FORMAT csv, DELIMITER '\t'"],
    ['rows.csv.gz', 'FORMAT csv, COMPRESSION gzip'],
    ['rows.ndjson', 'FORMAT json'],
    ['rows.json.gz', 'FORMAT json, COMPRESSION gzip'],
  ])('reads %s', async (name, how) => {
    const one = under({ query: 'SELECT id, n + 1 AS more FROM rows WHERE n < 2' }, name);
    const { DuckDBInstance } = await loadDuckDb();
    const connection = await (await DuckDBInstance.create(':memory:', {})).connect();
    await connection.run(
      `COPY (SELECT 'u' || i AS id, i AS n FROM range(3) t(i)) TO ${quoted(one.file)} (${how})`,
    );
    const told = (await one.run()).map(({ userId, properties }) => [userId, Number(properties?.['more'])]);
    expect(told.toSorted()).toEqual([
      ['u0', 1],
      ['u1', 2],
    ]);
  });

  it('continues in another process with the data in the store, also in the middle of a run', async () => {
    const shared = new Map<string, Uint8Array>();
    const one = under({}, 'members.jsonl', shared);
    const state = new Map<string, string>();
    const rows = Array.from({ length: 1_200 }, (_, n) => member(n));
    one.write(rows);
    const begun = await one.run('run', 500);
    expect(begun.length).toBe(500);
    one.move();
    apply(state, [...begun, ...(await one.read())]);
    expect(state.size).toBe(1_200);
    one.move();
    one.write([member(1_200), ...rows.slice(1)]);
    expect((await one.dry()).counts).toEqual({ added: 1, changed: 0, removed: 1 });
    one.move();
    apply(state, await one.run());
    expect(one.standing().last).toMatchObject({ run: 2, counts: { added: 1, changed: 0, removed: 1 } });
    one.write(rows.slice(600));
    await one.run();
    expect(one.standing().held?.run).toBe(3);
    one.move();
    apply(state, await one.confirm(3));
    expect(state.size).toBe(600);
    const before = shared.size;
    for (let n = 0; n < 3; n += 1) await one.run();
    expect(shared.size).toBeLessThanOrEqual(before);
  });

  it('says when the store has too little room, and leaves nothing of the run there', async () => {
    const shared = new Map<string, Uint8Array>();
    const one = under({ storeMb: 0.001 }, 'members.jsonl', shared);
    one.write(Array.from({ length: 500 }, (_, n) => member(n)));
    await expect(one.run()).rejects.toMatchObject({
      code: 'audience_limit_reached',
      message: expect.stringContaining('storeMb'),
    });
    expect([...shared.keys()]).toEqual([]);
  });

  it.each([
    ['two rows of one key', { content: 'id\na\na\n' }, 'audience_key_invalid'],
    ['a row without a key', { content: 'id,n\n,1\n' }, 'audience_key_invalid'],
    ['a column that is not there', { key: 'no' }, 'audience_key_invalid'],
    [
      'another file',
      { query: "SELECT content AS id FROM read_text('/etc/hostname')" },
      'audience_query_failed',
    ],
    ['writing', { query: "COPY (SELECT 1) TO '/tmp/never.csv'" }, 'audience_query_failed'],
    ['two statements', { query: 'SELECT id FROM rows; DROP VIEW rows' }, 'audience_query_invalid'],
    ['an extension', { query: 'INSTALL httpfs' }, 'audience_query_invalid'],
    [
      'the network',
      { query: "SELECT * FROM read_csv('https://example.com/a.csv')" },
      'audience_query_failed',
    ],
  ])('refuses %s', async (_what, { content = 'id\na\n', ...settings }: Row & { content?: string }, code) => {
    const one = under(settings, 'rows.csv');
    writeFileSync(one.file, content);
    await expect(one.run()).rejects.toMatchObject({ code });
  });

  it('says how to add DuckDB where it is not installed', async () => {
    // A copy without packages next to it.
    const alone = join(folder, 'alone');
    cpSync(join(import.meta.dirname, '../../src/audience'), alone, { recursive: true });
    const child = fork(join(alone, 'process.ts'), { stdio: 'ignore', env: {}, execArgv: [] });
    child.send({});
    const [said] = await once(child, 'message');
    expect(said).toEqual({
      failure: {
        code: 'audience_engine_missing',
        message: expect.stringContaining('npm install @duckdb/node-api@'),
      },
    });
  });

  it('reads no file that the operator did not name, by whatever path', async () => {
    const outside = join(folder, 'outside.csv');
    writeFileSync(outside, 'id\na\n');
    symlinkSync(outside, join(files, 'link.csv'));
    for (const file of [outside, join(files, 'link.csv'), join(files, '..', 'outside.csv')])
      await expect(under({ file }).run()).rejects.toMatchObject({ code: 'audience_file_forbidden' });
    await expect(under({ file: join(files, 'none.csv') }).run()).rejects.toMatchObject({
      code: 'audience_file_invalid',
    });
  });
});
