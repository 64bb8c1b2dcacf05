import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gzipSync } from 'node:zlib';
import { basic, good, openTarget, pause, type Target, wire, type Wire } from './attacker.ts';
import { scale } from './scale.ts';

const gzip = { 'content-encoding': 'gzip' };

describe('a batch of very many elements', () => {
  let target: Target;
  beforeAll(async () => {
    target = await openTarget();
  });
  afterAll(() => target.close());

  const list = (count: number, element = '{}'): string =>
    `{"batch":[${Array.from({ length: count }, () => element).join(',')}]}`;

  it('is refused as a whole, with a small answer and little memory', async () => {
    const packed = gzipSync(list(166_000));
    expect(packed.length).toBeLessThan(600);
    const before = target.memory();
    const replies = await Promise.all(
      Array.from({ length: scale(10, 40) }, () => target.post('batch', packed, gzip)),
    );
    for (const { status, text } of replies) {
      expect([status, JSON.parse(text).error.code]).toEqual([400, 'event_batch_too_long']);
      expect(text.length).toBeLessThan(1_000);
    }
    expect(target.memory() - before).toBeLessThan(200e6);
  });

  it('reports the first hundred problems and their number', async () => {
    const none = await target.post('batch', list(2_500));
    expect(none.status).toBe(400);
    expect(JSON.parse(none.text).error.issues).toHaveLength(100);
    expect(JSON.parse(none.text).error.issueCount).toBeGreaterThanOrEqual(2_500);
    const batch = [good('one'), ...Array.from({ length: 2_000 }, () => ({}))];
    const some = await target.post('batch', JSON.stringify({ batch }));
    expect(some.status).toBe(200);
    const body = JSON.parse(some.text);
    expect([body.accepted, body.rejectedCount, body.rejected.length]).toEqual([1, 2_000, 100]);
    for (const { text } of [none, some]) expect(text.length).toBeLessThan(100_000);
  });

  it('does not push out the refusals of others, and stores few bytes of each', async () => {
    const long = 'x'.repeat(30_000);
    await target.post('batch', list(2_500));
    await target.post('track', JSON.stringify({ type: 'track', messageId: long, event: long }));
    const refusals = await target.admin('refusals?limit=1000');
    expect(refusals.length).toBeLessThan(500);
    expect(JSON.stringify(refusals[0]).length).toBeLessThan(3_000);
  });

  it.each([
    ['of zeros', gzipSync(Buffer.alloc(50_000_000)), 400],
    ['within another', gzipSync(gzipSync(Buffer.alloc(5_000_000))), 400],
    ['that is cut off', gzipSync(JSON.stringify({ batch: [good('cut')] })).subarray(0, 40), 400],
    ['that is none', Buffer.from('not packed at all'), 400],
  ])(
    'in a gzip bomb %s is refused, and costs no more than a body of the maximum size',
    async (_name, body, status) => {
      const before = target.memory();
      const replies = await Promise.all(
        Array.from({ length: scale(10, 200) }, () => target.post('batch', body, gzip)),
      );
      expect(new Set(replies.map((one) => one.status))).toEqual(new Set([status]));
      expect(target.memory() - before).toBeLessThan(150e6);
      expect((await target.post('track', JSON.stringify(good('after')))).status).toBe(200);
    },
  );
});

/** Sends honest events one after the other until it is stopped; returns the statuses of their answers. */
function honest(target: Target, key = 'other'): { stop(): Promise<readonly number[]> } {
  let going = true;
  const statuses: number[] = [];
  const work = (async () => {
    for (let n = 0; going; n += 1) {
      const { status } = await target.post('track', JSON.stringify(good(`honest-${n}`)), {
        authorization: basic(key),
      });
      statuses.push(status);
      await pause(20);
    }
  })();
  return {
    async stop() {
      going = false;
      await work;
      return statuses;
    },
  };
}

const head = (length: number | 'chunked', key?: string): string =>
  [
    'POST /v1/batch HTTP/1.1',
    'Host: h',
    'Content-Type: application/json',
    ...(key === undefined ? [] : [`Authorization: ${basic(key)}`]),
    length === 'chunked' ? 'Transfer-Encoding: chunked' : `Content-Length: ${length}`,
    '',
    '',
  ].join('\r\n');

/** How long an answer may take on a busy machine. */
const SLOW = { timeout: 20_000 };

const closeAll = (wires: readonly Wire[]): void => {
  for (const { socket } of wires) socket.destroy();
};

describe('a server under attack', () => {
  let target: Target;
  beforeAll(async () => {
    target = await openTarget({ config: { limits: { inFlightMegabytes: 2 } } });
  });
  afterAll(() => target.close());

  it.each([
    ['without a key', undefined],
    ['with a key', 'demo'],
  ])(
    '%s reserves no memory for announced bodies that never arrive, and closes these connections',
    async (_name, key) => {
      const others = honest(target);
      const wires = await Promise.all(
        Array.from({ length: 230 }, () => wire(target.port, head(500_000, key))),
      );
      await pause(1_000);
      expect(await target.metric('waybill_admission_bytes')).toBeLessThan(10_000);
      expect((await fetch(`${target.url}/readyz`)).status).toBe(200);
      await Promise.all(wires.map((one) => one.closed));
      expect(new Set(wires.map((one) => one.heard().slice(0, 12)))).toEqual(new Set(['HTTP/1.1 408']));
      const statuses = await others.stop();
      expect([new Set(statuses), statuses.length > 20]).toEqual([new Set([200]), true]);
    },
    60_000,
  );

  it('gives bodies without a key a small share of memory, a quarter to all unknown senders', async () => {
    const others = honest(target);
    const filler = 'x'.repeat(60_000);
    const wires = await Promise.all(
      Array.from({ length: 40 }, () => wire(target.port, `${head(500_000)}${filler}`)),
    );
    const refused = (): Wire[] => wires.filter((one) => one.heard().startsWith('HTTP/1.1 429'));
    await expect.poll(() => refused().length, SLOW).toBeGreaterThan(0);
    const held = await target.metric('waybill_admission_bytes');
    expect(held).toBeLessThanOrEqual(2 ** 19);
    expect(refused()[0]!.heard()).toMatch(/retry-after: 1/i);
    closeAll(wires);
    expect(new Set(await others.stop())).toEqual(new Set([200]));
    await expect.poll(() => target.metric('waybill_admission_bytes'), SLOW).toBe(0);
  });

  it('closes connections that drip a body or a header, or are idle, while others are answered', async () => {
    const others = honest(target);
    const wires = await Promise.all([
      ...Array.from({ length: scale(30, 1_000) }, () => wire(target.port, `${head('chunked', 'demo')}`)),
      ...Array.from({ length: scale(30, 1_000) }, () =>
        wire(target.port, 'POST /v1/track HTTP/1.1\r\nHost: h\r\n'),
      ),
    ]);
    const drip = setInterval(() => {
      for (const [n, { socket }] of wires.entries()) {
        // Data written after the answer would make the kernel discard the answer.
        if (!socket.destroyed && wires[n]!.heard() === '')
          socket.write(n < wires.length / 2 ? '1\r\n{\r\n' : 'X-A: b\r\n');
      }
    }, 500);
    const silent = await Promise.all(Array.from({ length: 20 }, () => wire(target.port, '')));
    await Promise.all([...wires, ...silent].map((one) => one.closed));
    clearInterval(drip);
    expect(new Set(wires.map((one) => one.heard().slice(0, 12)))).toEqual(new Set(['HTTP/1.1 408']));
    expect(new Set(await others.stop())).toEqual(new Set([200]));
  }, 60_000);

  it('reads no body at an unknown address', async () => {
    const one = await wire(target.port, head(500_000).replace('/v1/batch', '/nothing'));
    await expect.poll(() => one.heard(), SLOW).toMatch(/^HTTP\/1\.1 404/);
    one.socket.destroy();
  });

  it('limits a flooding source to its share, for any headers, and asks it to retry later', async () => {
    const others = honest(target);
    const wires = await Promise.all(
      Array.from({ length: 60 }, (_, n) =>
        // A different password each time: the sender is the source, not the header.
        wire(
          target.port,
          head(400_000).replace('Content-Type', `Authorization: Basic ${btoa(`demo:${n}`)}\r\nContent-Type`) +
            ' '.repeat(60_000),
        ),
      ),
    );
    for (let second = 0; second < 4; second += 1) {
      await pause(1_000);
      wires.push(await wire(target.port, `${head(400_000, 'demo')}${' '.repeat(100_000)}`));
    }
    expect(await target.metric('waybill_admission_bytes')).toBeLessThanOrEqual(2 ** 20);
    const refused = wires.filter((one) => one.heard().startsWith('HTTP/1.1 429'));
    expect(refused.length).toBeGreaterThan(20);
    expect(refused[0]!.heard()).toMatch(/retry-after: 1\r\n/i);
    expect(refused[0]!.heard()).toMatch(/access-control-allow-origin/i);
    closeAll(wires);
    expect(new Set(await others.stop())).toEqual(new Set([200]));
  }, 60_000);

  it('is not ready without memory for some seconds, until the attack ends', async () => {
    const held = await Promise.all(
      ['demo', 'demo', 'other', 'other'].map((key) =>
        wire(target.port, `${head(512_000, key)}${' '.repeat(511_900)}`),
      ),
    );
    // Each counts when it has arrived.
    for (let n = 0; n < 100 && (await target.metric('waybill_admission_bytes')) < 4 * 511_900; n += 1) {
      await pause(50);
    }
    const ready = async (): Promise<number> => (await fetch(`${target.url}/readyz`)).status;
    expect(await ready()).toBe(200);
    let status = 200;
    for (let n = 0; n < 30 && status === 200; n += 1) {
      // A sender that has a share left.
      const reply = await target.post('batch', ' '.repeat(100_000), { authorization: '' });
      expect([reply.status, reply.headers.get('retry-after')]).toEqual([429, '1']);
      await pause(300);
      status = await ready();
    }
    expect(status).toBe(503);
    closeAll(held);
    for (let n = 0; n < 30 && status !== 200; n += 1) {
      await pause(200);
      status = await ready();
    }
    expect(status).toBe(200);
  }, 60_000);
});

describe('very many connections', () => {
  it('give way to active ones: honest requests are answered, and the address with the most loses', async () => {
    // So many that a connection used every 20 ms is never the one idle for longest, however fast the others open.
    const most = scale(1_000, 10_000);
    const target = await openTarget({ config: { limits: { connections: most } } });
    const others = honest(target);
    const light = await wire(target.port, 'GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n', '127.0.0.9');
    const wires: Wire[] = [];
    const crowd = scale(1_500, 12_060);
    // A slow machine may close some idle connections, or not all, before all are open.
    const isFull = async (n: number): Promise<boolean> =>
      n >= crowd && (n >= 2 * crowd || (await target.metric('waybill_connections_dropped')) > 0);
    for (let n = 0; !(await isFull(n)); n += 20) {
      // A few connections without a request or without a body: they are closed after some seconds.
      const place = (n / 20) % 10;
      const text =
        place === 0 ? '' : place === 1 ? head(500_000) : 'GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n';
      wires.push(...(await Promise.all(Array.from({ length: 20 }, () => wire(target.port, text)))));
    }
    // One that gives way is counted until it has gone.
    await expect.poll(() => target.metric('waybill_connections'), SLOW).toBeLessThan(most + 10);
    expect(await target.metric('waybill_connections_dropped')).toBeGreaterThan(0);
    expect(light.socket.destroyed).toBe(false);
    closeAll([...wires, light]);
    expect(new Set(await others.stop())).toEqual(new Set([200]));
    await target.close();
  }, 120_000);
});

describe('guesses', () => {
  let target: Target;
  beforeAll(async () => {
    target = await openTarget();
  });
  afterAll(() => target.close());

  it('of write keys are slowed down, while valid keys continue, from the same address and from others', async () => {
    const others = honest(target);
    await pause(100);
    const guess = (n: number): Promise<{ status: number; headers: Headers }> =>
      target.post('track', JSON.stringify({ ...good('guess'), writeKey: `guess-${n}` }), {
        authorization: n % 2 === 0 ? basic(`guess-${n}`) : '',
      });
    const replies = [];
    for (let n = 0; n < scale(60, 2_000); n += 1) replies.push(await guess(n));
    const statuses = replies.map((one) => one.status);
    expect(new Set(statuses)).toEqual(new Set([401, 429]));
    expect(statuses.filter((status) => status === 401).length).toBeLessThan(20);
    expect(Number(replies.at(-1)!.headers.get('retry-after'))).toBeGreaterThan(0);
    // A key that is new at this address is not checked, so guessing it reveals nothing.
    expect((await target.post('track', JSON.stringify(good('late')))).status).toBe(429);
    const elsewhere = await wire(target.port, `${head(2, 'demo')}{}`, '127.0.0.8');
    await expect.poll(() => elsewhere.heard(), SLOW).toMatch(/^HTTP\/1\.1 400/);
    elsewhere.socket.destroy();
    expect(new Set(await others.stop())).toEqual(new Set([200]));
  });

  it('of the admin token are slowed down, while the valid token continues', async () => {
    const ask = async (token?: string): Promise<number> =>
      (
        await fetch(`${target.url}/api/stats`, {
          headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
        })
      ).status;
    expect(await ask('token')).toBe(200);
    for (let n = 0; n < 20; n += 1) expect(await ask()).toBe(401);
    const statuses = [];
    for (let n = 0; n < scale(30, 1_000); n += 1) statuses.push(await ask(`guess-${n}`));
    expect(statuses.filter((status) => status === 401).length).toBeLessThan(20);
    expect(statuses.at(-1)).toBe(429);
    expect(await ask('token')).toBe(200);
  });
});
