import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Answer, type Harness, openHarness } from './harness.ts';

const EMAIL = 'user-1@example.com';
const SHOP = { id: 'shop', type: 'dummy-shop', settings: { secret: 'a-webhook-secret', orders: 30 } };

describe('the stored data of a shop', () => {
  let harness: Harness;
  beforeEach(async () => {
    harness = await openHarness({
      workspace: () => ({
        sources: [SHOP],
        destinations: [{ id: 'out', type: 'dummy', settings: {} }],
      }),
    });
    await backfill();
  });
  afterEach(() => harness.close());

  const backfill = async (): Promise<void> => {
    await harness.admin('sources/shop/backfill', { method: 'POST', body: {} });
    await harness.server.idle();
  };
  const edit = async (init: { method: string; body?: unknown }, path = 'sources/shop'): Promise<void> => {
    expect((await harness.admin(path, init)).status).toBeLessThan(300);
    await harness.server.idle();
  };
  const forget = async (who: object): Promise<void> => {
    expect((await harness.admin('deletions', { method: 'POST', body: who })).status).toBe(200);
  };
  const told = async (): Promise<number> =>
    ((await harness.admin('events?limit=1000')).body as Answer).events.length as number;
  /** The rows of the shop in the file: all of them, and those that name a person. */
  const kept = (): { readonly all: number; readonly named: number } => {
    const file = new DatabaseSync(join(harness.dataDir, 'log.db'), { readOnly: true });
    const rows = [
      ...file.prepare("SELECT key, value FROM carried WHERE owner = 'source shop'").all(),
      ...file.prepare("SELECT key, value FROM timers WHERE owner = 'source shop'").all(),
    ];
    file.close();
    const texts = rows.map(({ key, value }) => `${key} ${Buffer.from(value as Uint8Array).toString()}`);
    return { all: texts.length, named: texts.filter((text) => text.includes(EMAIL)).length };
  };

  it('is deleted with the source, with its back-fills too', async () => {
    expect(kept()).toEqual({ all: 30, named: 10 });
    await edit({ method: 'DELETE' });
    expect(kept()).toEqual({ all: 0, named: 0 });
    await edit({ method: 'POST', body: SHOP }, 'sources');
    expect(kept()).toEqual({ all: 0, named: 0 });
    await backfill();
    expect(kept()).toEqual({ all: 30, named: 10 });
  });

  it('is deleted with a source that was removed while the server was down', async () => {
    const { body: source } = await harness.admin('sources/shop');
    await edit({ method: 'PUT', body: { ...source, enabled: false } });
    await harness.restart();
    expect(kept()).toEqual({ all: 30, named: 10 });
    await edit({ method: 'DELETE' });
    expect(kept()).toEqual({ all: 0, named: 0 });
  });

  it.each([{ userId: 'user-1' }, { email: EMAIL.toUpperCase() }])(
    'contains nothing of a deleted person, and is not sent again: %j',
    async (who) => {
      await forget(who);
      expect(kept()).toEqual({ all: 30, named: 0 });
      const before = await told();
      await backfill();
      expect([kept(), await told()]).toEqual([{ all: 30, named: 0 }, before]);
    },
  );

  it('contains nothing of a deleted person when the source is disabled, either', async () => {
    const { body: source } = await harness.admin('sources/shop');
    await edit({ method: 'PUT', body: { ...source, enabled: false } });
    await forget({ email: EMAIL });
    expect(kept()).toEqual({ all: 30, named: 0 });
  });
});
