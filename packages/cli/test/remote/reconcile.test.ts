import { afterAll, beforeAll, expect, it } from 'vitest';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Server, startServer } from '@waybill/server';
import { run } from '../output/run.ts';

let folder: string;
let server: Server;
const compare = (...more: readonly string[]): ReturnType<typeof run> =>
  run('reconcile', 'store', '--from', '2026-01-01', ...more, '--url', server.url, '--data', folder);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'waybill-remote-'));
  const workspace = {
    sources: [{ id: 'store', type: 'dummy-shop', settings: { orders: 5 } }],
    destinations: [{ id: 'sink', type: 'dummy', settings: {} }],
  };
  server = await startServer({ dataDir: folder, port: 0, logLevel: 'silent' }, JSON.stringify(workspace));
  await run('backfill', 'store', '--wait', '--url', server.url, '--data', folder);
}, 60_000);

afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

it('reports by its exit code whether all orders are equal, some differ, or nothing was compared', async () => {
  const same = await compare('--to', '2026-01-01');
  expect(same).toMatchObject({
    code: 0,
    out: expect.stringContaining('5 orders of the shop: the same everywhere.'),
  });
  const file = join(folder, 'ga4.csv');
  writeFileSync(file, 'Transaction ID,Purchase revenue\n0,0.01\n');
  const differing = await compare('--to', '2026-01-01', '--ga4', file);
  expect(differing.code).toBe(1);
  expect(differing.out).toMatch(/- 0 \(D-0\) 2026-01-01 ga4: amount \(expected .+, found 0\.01\)/);
  expect(differing.out).toMatch(/- 4 \(D-4\) 2026-01-01 ga4: missing/);
  expect(differing.out).toMatch(/ {4}Order Completed .+: sink delivered/);
  const json = await compare('--to', '2026-01-01', '--ga4', file, '--json');
  expect(JSON.parse(json.out)).toMatchObject({ state: 'ended', result: { differing: 5 } });
  expect((await compare('--to', '2020-01-01')).code).toBe(2);
  expect((await compare('--to', 'soon')).code).toBe(2);
  expect((await compare('--to', '2026-01-01', '--ga4', join(folder, 'none'))).code).toBe(2);
});
