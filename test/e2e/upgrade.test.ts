import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Server, startServer } from '@waybill/server';
import { openHarness, type Answer, type Harness } from './harness.ts';

/*
 * A data folder that version 0.1 has left, with 20 events in it: delivered to one destination, waiting for another that
 * could not be reached, and one dead letter of each.
 */

const FOLDER = new URL('../fixtures/folder-0.1/', import.meta.url).pathname;

describe('a data folder of version 0.1', () => {
  let harness: Harness;

  beforeAll(async () => {
    harness = await openHarness({
      fill(dataDir) {
        for (const name of readdirSync(FOLDER)) {
          const bytes = gunzipSync(readFileSync(join(FOLDER, name)));
          writeFileSync(join(dataDir, name.replace(/\.gz$/, '')), bytes, { mode: 0o600 });
        }
      },
      // The age of the folder is fixed: retention must not delete anything in it.
      server: { secretKey: 'fixture-secret-key', retention: { days: 0, gigabytes: 0 } },
      workspace: (apiUrl) => ({
        sources: [{ id: 'shop', writeKey: 'demo' }],
        destinations: ['iterable', 'later'].map((id) => ({
          id,
          type: 'iterable',
          settings: { apiKey: 'demo', projectType: 'hybrid', apiUrl },
        })),
      }),
    });
    await harness.server.idle();
  }, 60_000);
  afterAll(() => harness.close());

  it('delivers waiting events, each once and in order', async () => {
    const { events } = (await harness.iterable()) as Answer;
    const seen = events.filter(({ eventName }: Answer) => eventName === 'Seen');
    expect(seen.map(({ id }: Answer) => id).sort()).toEqual([1, 2, 3, 4, 5].map((n) => `seen-${n}`));
    const stats = (await harness.admin('stats')).body.destinations as Answer[];
    expect(stats.find(({ destination }) => destination === 'later')).toMatchObject({
      delivered: 14,
      retrying: 0,
      lag: 0,
    });
  });

  it('shows earlier outcomes of its events', async () => {
    expect(await harness.steps('seen-2')).toMatchObject([
      { destination: 'iterable', status: 'delivered', attempts: 1 },
      { destination: 'later', status: 'delivered' },
    ]);
    const deadLetters = (await harness.admin('dead-letters')).body as Answer[];
    expect(
      deadLetters.map(({ destination, messageId }: Answer) => `${destination} ${messageId}`).sort(),
    ).toEqual(['iterable order-5', 'later order-5']);
  });

  it('recognises its events', async () => {
    await harness.track('track', { messageId: 'seen-1', userId: 'u-1', event: 'Seen' });
    await harness.track('track', { messageId: 'new-1', userId: 'u-1', event: 'New' });
    await harness.server.idle();
    const { events } = (await harness.iterable()) as Answer;
    expect(events.filter(({ id }: Answer) => id === 'seen-1')).toHaveLength(1);
    expect(events.filter(({ id }: Answer) => id === 'new-1')).toHaveLength(1);
  });
});

describe('a data folder of a newer version', () => {
  it('is refused with the name of the database, left unchanged, and accepted again after a restore', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'waybill-downgrade-'));
    const workspace = { sources: [{ id: 'shop', writeKey: 'key' }], destinations: [] };
    const start = (): Promise<Server> =>
      startServer({ dataDir, port: 0, logLevel: 'silent' }, JSON.stringify(workspace));
    const version = (file: string, set?: number): number => {
      const database = new DatabaseSync(join(dataDir, file));
      if (set !== undefined) database.exec(`PRAGMA user_version = ${set}`);
      const row = database.prepare('PRAGMA user_version').get() as { user_version: number };
      database.close();
      return row.user_version;
    };
    try {
      await (await start()).stop();
      for (const file of ['log.db', 'state.db', 'workspace.db']) {
        const known = version(file);
        version(file, 99);
        await expect(start()).rejects.toThrow(
          new RegExp(`${file} was written by a newer version \\(schema 99`),
        );
        expect([file, version(file)]).toEqual([file, 99]);
        version(file, known);
      }
      await (await start()).stop();
    } finally {
      rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
    }
  }, 60_000);
});
