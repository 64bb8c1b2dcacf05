import { afterEach, expect, it } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { backfill, discard, faultsOf, type Flags, type Shop, startPart } from '../bench/backfill/measure.ts';

const SOURCE = ['--conditions=source'];
const flags: Flags = { node: SOURCE, server: SOURCE };
const COUNT = 1_200;

let shop: Shop | undefined;
let folder: string | undefined;
afterEach(async () => {
  await shop?.kill();
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

it('a back-fill that is killed in the middle has each order once, and all orders of the shop', async () => {
  shop = await startPart('shop.ts', [String(COUNT)], flags.node);
  folder = mkdtempSync(join(tmpdir(), 'waybill-backfill-'));
  const read = await discard(shop, flags, COUNT);
  expect(read.rows).toBe(COUNT);
  const filled = await backfill(folder, shop, flags, { count: COUNT, kill: true, patience: 60_000 });
  expect(faultsOf(filled, read)).toEqual([]);
}, 90_000);
