import { afterEach, describe, expect, it } from 'vitest';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { demoWorkspace, type Harness, openHarness } from '../e2e/harness.ts';
import { scale } from './scale.ts';

let harness: Harness;
afterEach(() => harness.close());

/** Events that fill 32 KB with the items that cost the sender least. */
const COUNT = scale(20, 150);
const ITEMS = 15_000;

function amplifying(mapping: object): object {
  return {
    id: 'amplify',
    action: 'trackEvent',
    trigger: 'type = "track"',
    mapping: { userId: { '@path': '$.userId' }, eventName: { '@path': '$.event' }, dataFields: mapping },
  };
}

const constants = Object.fromEntries(Array.from({ length: 10 }, (_, n) => [`c${n}`, `constant number ${n}`]));
const perItem = { items: { '@arrayPath': ['$.properties.products', constants] } };

function event(n: number): object {
  return {
    type: 'track',
    event: 'Poison',
    messageId: `m${n}`,
    userId: `u${n % 10}`,
    properties: { products: Array.from({ length: ITEMS }, () => 0) },
  };
}

async function open(mapping: object): Promise<void> {
  harness = await openHarness({
    workspace: (url) => {
      const { sources, destinations } = demoWorkspace(url);
      const [iterable] = destinations;
      return {
        sources,
        destinations: [{ ...iterable!, mappings: [amplifying(mapping)] }],
      } as ReturnType<typeof demoWorkspace>;
    },
  });
  await fetch(`${harness.sandbox.url}/_sandbox/settings`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ disallowedEventNames: ['Poison'] }),
  });
}

async function send(): Promise<number> {
  let bytes = 0;
  for (let n = 0; n < COUNT; n += 1) {
    const text = JSON.stringify(event(n));
    bytes += text.length;
    expect((await harness.track('track', text)).status).toBe(200);
  }
  await harness.server.idle();
  return bytes;
}

/** Bytes of the delivery state on the disk. */
function stateBytes(): number {
  return ['state.db', 'state.db-wal'].reduce(
    (sum, name) => sum + (statSync(join(harness.dataDir, name), { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
}

describe('a mapping that amplifies an event', () => {
  it('ends each payload over 1 MB as a dead letter that stores no more than the event', async () => {
    await open(perItem);
    const sent = await send();
    // The write-ahead log keeps each rewritten page until its next checkpoint.
    expect(stateBytes()).toBeLessThan(3 * sent + 32 * 2 ** 20);
    const { body } = await harness.admin('dead-letters?limit=1000');
    expect(body.length).toBe(COUNT);
    for (const letter of body) {
      expect(letter).toMatchObject({ code: 'payload_too_large' });
      expect(JSON.stringify(letter).length).toBeLessThan(40_000);
    }
    expect((await harness.steps('m0'))[0]).toMatchObject({ status: 'rejected', code: 'payload_too_large' });
    expect(await harness.server.prune()).toBe(0);
  }, 120_000);

  it('stores a refused payload up to the maximum size of an event, and marks the truncation', async () => {
    await open({
      items: { '@arrayPath': ['$.properties.products', { c: 'constant', d: 'another constant' }] },
    });
    const sent = await send();
    expect(stateBytes()).toBeLessThan(5 * sent + 32 * 2 ** 20);
    const pages: number[] = [];
    let found = 0;
    for (let afterId = 0; ;) {
      const { body } = await harness.admin(`dead-letters?limit=1000&afterId=${afterId}`);
      if (body.length === 0) break;
      pages.push(JSON.stringify(body).length);
      found += body.length;
      afterId = body.at(-1).id;
      expect(body[0]).toMatchObject({ code: 'destination_event_disallowed', payloadCut: true });
      expect(body[0].payload.dataFields.items.at(-1)).toMatch(/^\[cut: \d+ more\]$/);
    }
    expect(found).toBe(COUNT);
    expect(Math.max(...pages)).toBeLessThan(6 * 2 ** 20);
    expect(await harness.server.prune()).toBe(0);
  }, 120_000);
});
