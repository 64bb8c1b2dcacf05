import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Event } from '@waybill/core';
import { openStores, type Stores, writeBack } from '@waybill/delivery';
import { afterEach, beforeEach, expect, it } from 'vitest';

let folder: string;
let stores: Stores;
const open = async (): Promise<void> => {
  stores = await openStores(`sqlite:${folder}`, { writes: ['log'], only: ['log'] });
};
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'waybill-write-back-'));
  await open();
});
afterEach(async () => {
  await stores.close();
  rmSync(folder, { recursive: true });
});

let sent = 0;
/** Appends about a number of megabytes of events. */
async function append(megabytes: number): Promise<void> {
  for (let part = 0; part < megabytes; part += 1) {
    const entries = Array.from({ length: 16 }, () => {
      const event = { type: 'track', messageId: `m${(sent += 1)}`, event: 'x'.repeat(64 * 1024) };
      return { sourceId: 'web', event: event as unknown as Event };
    });
    await stores.log.append(entries);
  }
}
const bytesOf = (name: string): number => statSync(join(folder, name)).size;

it('the writer leaves checkpoints to another connection, and makes them itself without one', async () => {
  const { url, leave, isDue } = stores.writeBack!;
  await append(18);
  expect(isDue()).toBe(false);
  const before = bytesOf('log.db');
  leave(true);
  await append(18);
  expect(isDue()).toBe(true);
  expect(bytesOf('log.db')).toBe(before);
  await writeBack(url);
  expect(isDue()).toBe(false);
  expect(bytesOf('log.db')).toBeGreaterThan(before);
  const written = bytesOf('log.db-wal');
  await append(10);
  expect(bytesOf('log.db-wal')).toBe(written);
  await append(80);
  expect(bytesOf('log.db-wal')).toBeLessThan(72 * 1024 * 1024);
  leave(false);
  await stores.close();
  await open();
  expect(await stores.log.lastSeq()).toBe(sent);
  expect((await stores.log.read({ after: sent - 1, limit: 1 }))[0]!.event.messageId).toBe(`m${sent}`);
});
