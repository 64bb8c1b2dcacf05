import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Server, startServer } from '@waybill/server';
import { run } from '../output/run.ts';

/** A server with a shop. */
let folder: string;
let server: Server;
const at = (): string[] => ['--url', server.url, '--data', folder];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'waybill-remote-'));
  const workspace = {
    sources: [{ id: 'store', type: 'dummy-shop', settings: { orders: 20 } }],
    destinations: [{ id: 'sink', type: 'dummy', settings: {} }],
  };
  server = await startServer({ dataDir: folder, port: 0, logLevel: 'silent' }, JSON.stringify(workspace));
  await server.idle();
}, 60_000);

afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

describe('sources', () => {
  it('check reports whether a source works, what is wrong, and a remedy', async () => {
    const { code, out } = await run('sources', 'check', 'store', ...at());
    expect(code).toBe(0);
    expect(out).toContain('store works: The dummy shop is always available.');
    expect(out).toContain('set WAYBILL_PUBLIC_URL');
    expect(out).toMatch(/orders +poll +0/);
    await edit('unauthorized');
    const refused = await run('sources', 'check', 'store', ...at());
    expect(refused.code).toBe(1);
    expect(refused.out).toContain(
      'store does not work: mode: The dummy shop is configured to refuse the credentials.',
    );
    expect(refused.out).toContain('Check the keys in the settings of the source');
    await edit('ok');
    expect(await run('sources', 'check', 'nobody', ...at())).toMatchObject({ code: 1 });
  });

  it('are back-filled, and counted', async () => {
    const done = await run(
      'backfill',
      'store',
      '--streams',
      'orders',
      '--from',
      '2026-01-01T00:05',
      '--wait',
      ...at(),
    );
    expect(done).toMatchObject({
      code: 0,
      out: expect.stringContaining('orders: 15 read, 15 counted by the shop'),
    });
    const begun = await run('backfill', 'store', '--json', ...at());
    expect(JSON.parse(begun.out)).toMatchObject([{ stream: 'orders', mode: 'backfill' }]);
    expect((await run('backfill', 'store', '--from', 'yesterday', ...at())).code).toBe(2);
    expect((await run('backfill', 'store', '--streams', 'odd', ...at())).err).toContain(
      'There is no stream "odd"',
    );
  });

  async function edit(mode: string): Promise<void> {
    const answer = await fetch(`${server.url}/api/sources/store`, {
      method: 'PUT',
      headers: {
        authorization: `Bearer ${server.adminToken}`,
        'content-type': 'application/json',
        'if-match': '*',
      },
      body: JSON.stringify({ id: 'store', type: 'dummy-shop', settings: { orders: 20, mode } }),
    });
    expect(answer.status).toBe(200);
    await server.idle();
  }
});
