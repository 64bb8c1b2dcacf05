import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Harness, openHarness } from '../e2e/harness.ts';
import { full, scale } from './scale.ts';

const folder = mkdtempSync(join(tmpdir(), 'waybill-partner-'));
const MODE = join(folder, 'mode');

/** A partner's module that runs what a file says, at once, as long as the file exists. */
const module = (slug: string): string => `
import { appendFileSync, readFileSync } from 'node:fs';
import { get } from 'node:http';
import { connect, createServer } from 'node:net';
const failure = (open) => new Promise((resolve) => { open(resolve).on('error', (error) => resolve(error.code)); });
/** Every way to reach somebody past the server. */
const reached = async (url) => Promise.all([
  fetch(url, { method: 'POST', body: '["direct"]' }).then(() => 'fetched', (error) => error.code),
  failure((done) => get(url + '/direct', () => done('got'))),
  failure((done) => connect(Number(new URL(url).port), '127.0.0.1', () => done('connected'))),
  failure((done) => createServer().listen(0, () => done('listens'))),
]);
const mode = () => { try { return readFileSync(${JSON.stringify(MODE)}, 'utf8').trim(); } catch { return 'ok'; } };
const MODES = {
  'loops': () => { for (;;); },
  'backtracks in a pattern': () => /^(a+)+$/.test('a'.repeat(60) + 'b'),
  'grows a list': () => { const all = []; for (;;) all.push(1.5 + all.length); },
  'grows a map': () => { const all = new Map(); for (let at = 0; ; at += 1) all.set(at, {}); },
  'allocates one huge list': () => new Array(5e7).fill({}).map((_, at) => ({ at })),
  'parses a huge text': () => JSON.parse('[' + '{"a":1},'.repeat(2e7) + '1]'),
  'takes buffers': () => { const all = []; for (;;) all.push(Buffer.alloc(2e7, 1)); },
  'exits': () => process.exit(3),
  'aborts': () => process.abort(),
  'is ended by a signal': () => { process.kill(process.pid, 'SIGSEGV'); return new Promise(() => {}); },
  'throws in a timer': () => { setTimeout(() => { throw new Error('boom in a timer'); }); return new Promise(() => {}); },
  'throws in an event': () => { process.nextTick(() => { throw new Error('boom in a tick'); }); return new Promise(() => {}); },
  'never answers': () => new Promise(() => {}),
  'goes on after it was given up': async (items, { settings, request }) => {
    await new Promise((resolve) => setTimeout(resolve, 6_000));
    await request({ url: settings.url, json: items.map(({ payload }) => payload.text + ' too late') });
  },
  'recurses': () => { const f = () => f() + 1; return f(); },
  'asks for events without end': () => { for (;;) process.getBuiltinModule('node:fs').writeSync(5, '1\\n1\\n'); },
  'cuts its line': () => { process.disconnect(); return new Promise(() => {}); },
};
const HARMLESS = {
  'rejects a promise nobody handles': () => { void Promise.reject(new Error('nobody')); },
  'floods its output': () => { for (let at = 0; at < 5_000; at += 1) console.log('x'.repeat(200)); },
  'says things that are no answer': () => { process.send?.({ kind: 'done', id: 1, value: [] }); },
};
export const partner = {
  slug: '${slug}', name: 'Partner ${slug}', description: 'Misbehaves.', presets: [], maxMappings: 50,
  settings: {
    url: { type: 'string', label: 'Address', description: 'Where to send.', required: true },
    obeys: { type: 'boolean', label: 'Obeys', description: 'Whether it does what the file says.' },
    secret: { type: 'password', label: 'Secret', description: 'A secret.' },
  },
  actions: {
    add: {
      title: 'Add', description: 'Adds a note.',
      batch: { maxItems: 10, maxBytes: 1e6 },
      fields: { text: { type: 'string', label: 'Text', description: 'What it says.', required: true } },
      async send(items, context) {
        const { settings, request } = context;
        const name = settings.obeys ? mode() : 'ok';
        HARMLESS[name]?.();
        if (MODES[name]) await MODES[name](items, context);
        if (name === 'answers with null') return items.map(({ payload }) => payload.text.endsWith('0') ? null : { status: 'delivered' });
        if (name === 'answers with a function') return items.map(({ payload }) => payload.text.endsWith('0') ? { status: 'delivered', note: () => 1 } : { status: 'delivered' });
        if (name === 'answers with very much') return items.map(() => ({ status: 'delivered', note: 'x'.repeat(1e6) }));
        const told = name === 'opens sockets' ? await reached(settings.url) : name === 'reads the environment' ? ['read', ...Object.entries(process.env).flat()] : [];
        if (told.length > 0) await request({ method: 'POST', url: settings.url + '/told', json: told.map(String) });
        if (name === 'throws') throw new Error('no, ' + settings.secret);
        const answer = await request({ method: 'POST', url: settings.url, json: items.map(({ payload }) => payload.text) });
        return items.map(() => answer.ok ? { status: 'delivered' } : { status: 'retry', code: 'destination_unavailable', message: 'no' });
      },
    },
  },
};
`;

const DEADLY = ['loops', 'grows a list', 'takes buffers', 'exits', 'throws in a timer'];
const DEADLY_TOO = [
  'backtracks in a pattern',
  'grows a map',
  'allocates one huge list',
  'parses a huge text',
  'aborts',
  'is ended by a signal',
  'throws in an event',
  'cuts its line',
  'asks for events without end',
];
const EVENTS = scale(12, 200);

describe('a server whose partner module', () => {
  const received: string[] = [];
  let http: HttpServer;
  let harness: Harness;

  beforeAll(async () => {
    http = createServer((request, response) => {
      let text = '';
      request.on('data', (part: Buffer) => (text += part.toString()));
      request.on('end', () => {
        received.push(...(JSON.parse(text) as string[]).map((one) => `${request.url} ${one}`));
        response.setHeader('content-type', 'application/json').end('{}');
      });
    });
    await new Promise<void>((ready) => http.listen(0, '127.0.0.1', ready));
    const host = `127.0.0.1:${(http.address() as AddressInfo).port}`;
    const files = ['bad', 'calm'].map((slug) => {
      const file = join(folder, `${slug}.mjs`);
      writeFileSync(file, module(slug));
      return file;
    });
    const lane = (id: string, type: string, obeys: boolean) => ({
      id,
      type,
      settings: { url: `http://${host}/${id}`, obeys, secret: 'partner-secret' },
      mappings: [
        { id: 'n', action: 'add', trigger: 'type = "track"', mapping: { text: { '@path': '$.messageId' } } },
      ],
    });
    process.env['PARTNER_TEST'] = 'server-secret';
    harness = await openHarness({
      server: {
        destinations: files,
        allowedHosts: [host],
        retry: { firstDelay: 20, maxDelay: 100 },
        containment: { memoryMegabytes: 64, call: 4_000, blocked: 3_000, restart: 50, longestRestart: 500 },
      },
      workspace: () => ({
        sources: [{ id: 'shop', writeKey: 'demo' }],
        destinations: [
          lane('bad', 'bad', true),
          lane('calm', 'calm', false),
          {
            id: 'own',
            type: 'dummy',
            settings: {},
            mappings: [{ id: 'd', action: 'send', trigger: 'type = "track"', mapping: { name: 'x' } }],
          },
        ],
      }),
    });
  });
  afterAll(async () => {
    await harness.close();
    http.close();
    delete process.env['PARTNER_TEST'];
    rmSync(folder, { recursive: true, force: true });
  });

  const lanes = async (): Promise<Record<string, Record<string, number>>> => {
    const { body } = await harness.admin('stats');
    return Object.fromEntries(
      body.destinations.map((one: { destination: string }) => [one.destination, one]),
    );
  };
  const modules = async () => (await harness.admin('stats')).body.modules as Record<string, unknown>[];
  const until = async (holds: () => Promise<boolean>): Promise<void> => {
    const end = Date.now() + 60_000;
    while (!(await holds())) {
      if (Date.now() > end)
        throw new Error(`It does not come true: ${JSON.stringify((await harness.admin('stats')).body)}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  /** Retries waiting items at once by saving the configuration. */
  const hurry = () => harness.admin('destinations/bad', { method: 'PATCH', body: {} });
  const send = async (mode: string): Promise<string[]> => {
    writeFileSync(MODE, mode);
    const ids = Array.from({ length: EVENTS }, (_, at) => `${mode}-${at}`.replaceAll(' ', '-'));
    await harness.track('batch', {
      batch: ids.map((messageId, at) => ({
        type: 'track',
        messageId,
        userId: `u-${mode}-${at}`,
        event: 'Seen',
      })),
    });
    return ids;
  };
  const outcomes = async (ids: readonly string[], lane: string): Promise<(string | undefined)[]> =>
    Promise.all(
      ids.map(async (id) => {
        const own = (await harness.steps(id)).filter((step) => step.destination === lane);
        expect(own).toHaveLength(1);
        return own[0]!.code ?? own[0]!.status;
      }),
    );
  const others = async (before: Awaited<ReturnType<typeof lanes>>): Promise<boolean> => {
    const now = await lanes();
    return ['calm', 'own'].every(
      (lane) => now[lane]!['delivered'] === (before[lane]?.['delivered'] ?? 0) + EVENTS,
    );
  };

  it.each([...DEADLY, ...(full ? DEADLY_TOO : [])])(
    '%s: its lane waits, the others continue, and it continues when its code does',
    async (mode) => {
      const before = await lanes();
      const ended = (await modules())[0]!['endedAt'];
      const ids = await send(mode);
      await until(() => others(before));
      await until(async () => ((await lanes())['bad']!['retrying'] ?? 0) > 0);
      await until(async () => (await modules())[0]!['endedAt'] !== ended);
      expect((await fetch(`${harness.server.url}/readyz`)).status).toBe(200);
      expect(await modules()).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ module: join(folder, 'bad.mjs'), reason: expect.any(String) }),
          expect.objectContaining({ module: join(folder, 'calm.mjs'), state: 'running', restarts: 0 }),
        ]),
      );
      writeFileSync(MODE, 'ok');
      await hurry();
      await harness.server.idle();
      expect(new Set(await outcomes(ids, 'bad'))).toEqual(new Set(['delivered']));
    },
  );

  it.each(['never answers', ...(full ? ['goes on after it was given up'] : [])])(
    '%s: the call is aborted',
    async (mode) => {
      const before = await lanes();
      const ids = await send(mode);
      await until(() => others(before));
      await until(async () => ((await lanes())['bad']!['retrying'] ?? 0) > 0);
      writeFileSync(MODE, 'ok');
      if (mode !== 'never answers') await new Promise((resolve) => setTimeout(resolve, 4_000));
      await hurry();
      await harness.server.idle();
      expect(new Set(await outcomes(ids, 'bad'))).toEqual(new Set(['delivered']));
      expect(received.filter((text) => text.includes('too late'))).toEqual([]);
    },
  );

  it.each(['rejects a promise nobody handles', 'floods its output', 'says things that are no answer'])(
    '%s: nothing is lost, and its process continues',
    async (mode) => {
      const restarts = (await modules())[0]!['restarts'];
      const ids = await send(mode);
      await harness.server.idle();
      expect(new Set(await outcomes(ids, 'bad'))).toEqual(new Set(['delivered']));
      expect((await modules())[0]).toMatchObject({ state: 'running', restarts });
    },
  );

  it.each([
    ['answers with null', 'action_outcome_invalid'],
    ['answers with a function', 'action_outcome_invalid'],
  ])('%s: that item alone is a dead letter', async (mode, code) => {
    const ids = await send(mode);
    await harness.server.idle();
    const ends = await outcomes(ids, 'bad');
    expect(ends).toEqual(ids.map((id) => (id.endsWith('0') ? code : 'delivered')));
  });

  it('opens sockets: none is opened, also to the destination itself, and everything else continues', async () => {
    const before = await lanes();
    const ids = await send('opens sockets');
    await until(() => others(before));
    await harness.server.idle();
    expect(new Set(await outcomes(ids, 'bad'))).toEqual(new Set(['delivered']));
    const told = received.filter((text) => text.startsWith('/bad/told '));
    expect(new Set(told)).toEqual(new Set(['/bad/told ERR_ACCESS_DENIED']));
    expect(received.filter((text) => text.includes('direct'))).toEqual([]);
    expect((await modules())[0]).toMatchObject({ state: 'running' });
  });

  it('reads the environment: it sees nothing of the server, and the others continue', async () => {
    const [before, at] = [await lanes(), received.length];
    await send('reads the environment');
    await until(() => others(before));
    await harness.server.idle();
    const told = received.slice(at).filter((text) => text.startsWith('/bad/told '));
    expect(told).toContain('/bad/told read');
    expect(told.filter((text) => /PARTNER_TEST|server-secret|WAYBILL_/.test(text))).toEqual([]);
  });

  it('returns a very long answer: it is truncated', async () => {
    const ids = await send('answers with very much');
    await harness.server.idle();
    const [step] = (await harness.steps(ids[0]!)).filter(({ destination }) => destination === 'bad');
    expect(step).toMatchObject({ status: 'delivered' });
    expect(step!.message!.length).toBeLessThanOrEqual(4_096);
  });

  it('throws: a bug of the destination, without its secrets', async () => {
    const ids = await send('throws');
    await harness.server.idle();
    const [step] = (await harness.steps(ids[0]!)).filter(({ destination }) => destination === 'bad');
    expect(step).toMatchObject({ status: 'rejected', code: 'retries_exhausted', attempts: 5 });
    expect(step!.message).toContain('destination_bug: no, [secret]');
  });

  it('was killed many times has delivered every event to the other lanes once, and left no process behind', async () => {
    const calm = received.filter((text) => text.startsWith('/calm '));
    expect(calm.length).toBeGreaterThan(EVENTS);
    expect(new Set(calm).size).toBe(calm.length);
    const { body } = await harness.admin('stats');
    const metrics = await (await fetch(`${harness.server.url}/metrics`)).text();
    expect(metrics).toMatch(/waybill_module_up\{module="[^"]*bad\.mjs"\} 1/);
    expect(metrics).toMatch(/waybill_module_restarts_total\{module="[^"]*bad\.mjs"\} [1-9]/);
    const pids = body.modules.map(({ pid }: { pid: number }) => pid) as number[];
    await harness.server.stop();
    for (const pid of pids) {
      const ended = !existsSync(`/proc/${pid}`) || readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
      expect(ended).toBe(true);
    }
  });
});
