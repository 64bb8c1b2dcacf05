import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { afterAll, describe, expect, it } from 'vitest';
import { openTransfer } from '@waybill/delivery';
import { PASSWORD, testPostgres } from '../../packages/delivery/test/postgres/server.ts';
import { type Answer, type Harness, openHarness } from '../e2e/harness.ts';
import { arrived, faults, track, until } from './support.ts';

const BIN = resolve(import.meta.dirname, '../../packages/cli/bin/waybill.js');

/** What a copy ended with. */
interface Copied {
  readonly code: number | null;
  readonly said: string;
}

describe('an installation that is moved to PostgreSQL and back', () => {
  const children = new Set<ChildProcess>();
  const moved = mkdtempSync(join(tmpdir(), 'waybill-moved-'));
  afterAll(() => {
    for (const child of children) child.kill('SIGKILL');
    rmSync(moved, { recursive: true, force: true, maxRetries: 5 });
  });

  function begin(from: string, to: string): { child: ChildProcess; ended: Promise<Copied> } {
    const child = spawn(process.execPath, [BIN, 'store', 'copy', '--from', from, '--to', to, '--json']);
    children.add(child);
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (part: Buffer) => (said += part.toString()));
    return { child, ended: new Promise((end) => child.once('close', (code) => end({ code, said }))) };
  }
  const copy = (from: string, to: string): Promise<Copied> => begin(from, to).ended;

  /** Kills a copy that has written events and waits to write dead letters. */
  async function killed(from: string, to: string): Promise<void> {
    await (await openTransfer(to, { now: Date.now, writes: true })).close();
    const client = new pg.Client({ connectionString: to });
    await client.connect();
    try {
      await client.query('BEGIN; LOCK TABLE waybill.dead_letters IN SHARE MODE');
      const { child, ended } = begin(from, to);
      await until(async () => {
        const { rows } = await client.query(
          "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'waybill.dead_letters'::regclass",
        );
        return rows.length > 0;
      });
      child.kill('SIGKILL');
      await ended;
      const { rows } = await client.query('SELECT count(*)::int AS count FROM waybill.events');
      expect(rows).toEqual([{ count: 4 }]);
    } finally {
      await client.end();
    }
  }

  async function seen(harness: Harness): Promise<object> {
    const letters = (await harness.admin('dead-letters')).body;
    const events = await Promise.all(
      ['one', 'two', 'bad', 'late'].map((id) => harness.admin(`events/${id}`)),
    );
    const audit = (await harness.admin('destinations/iterable/changes')).body;
    // What waits is tried again and again.
    const [one, two, bad] = events.map(({ body }) => body as Answer);
    return { letters, one, two, bad, audit };
  }

  it('has everything, continues with waiting items, and drops duplicates', async () => {
    const store = await (await testPostgres()).database();
    const server: { store?: string; dataDir?: string } = {};
    const harness = await openHarness({ server });
    const send = async (id: string): Promise<number> =>
      (await harness.track('track', track(id, `u-${id}`))).status;
    const statuses = async (id: string): Promise<readonly string[]> =>
      (await harness.steps(id)).map(({ status }) => status);
    const down = [{ match: { path: '/api/*' }, kind: 'status', status: 503 }];
    await send('one');
    await send('two');
    await until(async () => (await statuses('two')).includes('delivered'));
    const bad = { ...track('bad', 'u-bad'), properties: { seq: 'a text, where it was a number' } };
    await harness.track('track', bad);
    await until(async () => (await statuses('bad')).includes('rejected'));
    await faults(harness, down);
    await send('late');
    await until(async () => (await statuses('late')).includes('waiting'));
    const before = await seen(harness);

    const running = await copy(harness.dataDir, store);
    expect([running.code, running.said]).toEqual([1, expect.stringContaining('folder_in_use')]);

    await harness.restart(async () => {
      await killed(harness.dataDir, store);
      const other = await copy(moved, store);
      expect([other.code, other.said]).toEqual([1, expect.stringContaining('request_not_found')]);
      const gone = await copy(`sqlite:${harness.dataDir}`, store);
      expect(gone).toMatchObject({ code: 0 });
      expect(JSON.parse(gone.said)).toMatchObject({ resumed: true, nouns: { events: { rows: 4 } } });
      const again = await copy(harness.dataDir, store);
      expect([again.code, again.said]).toEqual([1, expect.stringContaining('store_not_empty')]);
      expect(gone.said + again.said + running.said).not.toContain(PASSWORD);
      server.store = store;
    });
    expect(await seen(harness)).toEqual(before);
    expect([await send('one'), await send('bad'), await send('new')]).toEqual([200, 200, 200]);
    await until(async () => (await statuses('new')).includes('waiting'));
    expect((await harness.admin('events/new')).body.seq).toBeGreaterThan(4);

    const used = await copy(store, moved);
    expect([used.code, used.said]).toEqual([1, expect.stringContaining('store_in_use')]);
    await harness.restart(async () => {
      const back = await copy(store, moved);
      expect(back).toMatchObject({ code: 0 });
      expect(JSON.parse(back.said)).toMatchObject({ resumed: false, nouns: { events: { rows: 5 } } });
      for (const name of ['secret-key', 'admin-token'])
        copyFileSync(join(harness.dataDir, name), join(moved, name));
      delete server.store;
      server.dataDir = moved;
    });
    expect(await seen(harness)).toEqual(before);
    await faults(harness, []);
    expect([await send('two'), await send('new'), await send('last')]).toEqual([200, 200, 200]);
    await until(async () => (await statuses('last')).includes('delivered'));
    await until(async () => (await statuses('late')).includes('delivered'));
    await until(async () => (await statuses('new')).includes('delivered'));
    const counts = [...(await arrived(harness))].sort();
    expect(counts).toEqual(['last', 'late', 'new', 'one', 'two'].map((id) => [id, 1]));
    await harness.close();
  }, 120_000);
});
