import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, it } from 'vitest';
import { defineAction, defineDestination, delivered, type ResolvedDestination, retry } from '@waybill/core';
import { createGovernor } from '../src/index.ts';
import { dice } from './dice.ts';
import { simulatedTime } from './simulation.ts';
import { append, event, mapping, serve, type World, world, key } from './support.ts';

const BACKLOG = Number(process.env['WAYBILL_BACKLOG'] ?? 15_000);
const DAY = 86_400_000;
const print = (text: string): void => void process.stdout.write(`${text}\n`);

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

let cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.reverse()) await cleanup();
  cleanups = [];
});

/** A destination with a bulk endpoint for 100 items per call and ten calls per second. */
function limited(url: string): ResolvedDestination {
  const send = defineAction({
    title: 'Send',
    description: 'Sends.',
    fields: {
      id: { label: 'Id', description: 'Id.', type: 'string', required: true },
      user: { label: 'User', description: 'User.', type: 'string' },
    },
    batch: { maxItems: 100, maxBytes: 1_000_000, oneItemPerUser: true },
    async send(items, { request }) {
      const answer = await request({ url: `${url}/bulk`, json: items.map((one) => one.payload.id) });
      if (answer.ok) return items.map(() => delivered());
      const code = answer.kind === 'failure' ? answer.code : 'destination_unavailable';
      return items.map(() => retry(code));
    },
  });
  return {
    id: 'fake',
    name: 'Fake',
    enabled: true,
    destination: defineDestination({
      slug: 'fake',
      name: 'Fake',
      description: 'For tests.',
      settings: {},
      actions: { send },
      rateLimits: () => [{ path: '/bulk', amount: 10, seconds: 1 }],
    }),
    sources: undefined,
    settings: {},
    mappings: [mapping()],
  };
}

describe('a destination that is down for a day', () => {
  it(`loses nothing of a backlog of ${BACKLOG.toLocaleString('en')}, and drains it at the governed rate`, async () => {
    const time = simulatedTime();
    let down = true;
    let open = 0;
    const minutes = new Map<number, number>();
    const ids = new Set<string>();
    let twice = 0;
    const order = new Map<number, number>();
    let disordered = 0;
    const server = await serve((_request, response, body) => {
      const minute = Math.floor(time.now() / 60_000);
      minutes.set(minute, (minutes.get(minute) ?? 0) + 1);
      if (!down) {
        for (const id of JSON.parse(body) as string[]) {
          if (ids.has(id)) twice += 1;
          ids.add(id);
          const n = Number(id);
          const user = n % 20_000;
          if ((order.get(user) ?? -1) > n) disordered += 1;
          order.set(user, n);
        }
      }
      response.writeHead(down ? 503 : 200).end('{}');
    });
    server.server.on('request', (_request, response) => {
      open += 1;
      response.on('close', () => (open -= 1));
    });
    const seed = 3;
    const random = dice(seed);
    const w: World = await world([limited(server.url)], {
      now: Object.assign(time.now, { advance: () => undefined }),
      random,
      allowedHosts: [server.host],
      governor: createGovernor({ now: time.now, sleep: time.sleep, random }),
    });
    cleanups.push(server.close, () => w.close());
    for (let n = 0; n < BACKLOG; n += 5_000) {
      const size = Math.min(5_000, BACKLOG - n);
      await append(
        w.log,
        Array.from({ length: size }, (_, at) => event(String(n + at), `u${(n + at) % 20_000}`)),
      );
    }
    let peak = 0;
    const go = async (milliseconds: number): Promise<void> => {
      await time.run(time.now() + milliseconds);
      w.engine.wake();
      for (let quiet = 0; quiet < 3;) {
        await new Promise((resolve) => setImmediate(resolve));
        quiet = open > 0 ? 0 : quiet + 1;
      }
    };
    // Other test files of the same process have left garbage.
    collect();
    const before = process.memoryUsage().heapUsed;
    /** The retained heap: without collecting first, the number depends on the load of the machine. */
    const held = (): void => {
      collect();
      peak = Math.max(peak, process.memoryUsage().heapUsed - before);
    };

    while (time.now() < DAY) await go(30_000);
    held();
    const outage = [...minutes].filter(([minute]) => minute >= 10).map(([, calls]) => calls);
    const moved = (await w.state.lane(key('fake')))?.cursor ?? 0;
    expect((await w.state.stats())[0]).toMatchObject({ delivered: 0, rejected: 0 });
    expect(Math.max(...outage)).toBeLessThanOrEqual(6);

    down = false;
    minutes.clear();
    const began = time.now();
    const end = began + (BACKLOG / 1_000) * 1_000 * 4 + 3_600_000;
    for (
      let steps = 0;
      ((await w.state.stats())[0]?.delivered ?? 0) < BACKLOG && time.now() < end;
      steps += 1
    ) {
      await go(100);
      if (steps % 400 === 0) held();
    }
    const busiest = Math.max(...minutes.values());
    print(
      `Outage of a day, backlog ${BACKLOG.toLocaleString('en')}: at most ${Math.max(...outage)} calls a minute while down, ` +
        `${moved.toLocaleString('en')} events moved out of the log; afterwards at most ${busiest} a minute (limit 600), ` +
        `drained in ${Math.round((time.now() - began) / 1_000)} s, heap at most ${Math.round(peak / 1_048_576)} MB (seed ${seed})`,
    );
    expect((await w.state.stats())[0]).toMatchObject({ delivered: BACKLOG, rejected: 0, retrying: 0 });
    expect([ids.size, twice, disordered]).toEqual([BACKLOG, 0, 0]);
    expect(busiest).toBeLessThanOrEqual(610);
    expect(peak).toBeLessThan(600 * 1_048_576);
  }, 600_000);
});
