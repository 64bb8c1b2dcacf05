import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createSandbox, type Sandbox } from '@waybill/iterable-sandbox';
import { pathToFileURL } from 'node:url';
import { SERVER_FLAGS } from '@waybill/server/process';

const DAY = 86_400_000;

/** Asks for a review as soon as a parcel has arrived, and delivers that. */
const workspaceFor = (apiUrl: string): object => ({
  sources: [{ id: 'shop', writeKey: 'demo' }],
  processors: [
    {
      id: 'reviews',
      type: 'review-requests',
      settings: {
        deliveredDays: 0,
        reviewUrl: 'https://shop.example/review?product={product_id}&token={token}',
      },
    },
  ],
  destinations: [
    {
      id: 'iterable',
      type: 'iterable',
      settings: { apiKey: 'demo', projectType: 'hybrid', apiUrl },
      mappings: [
        {
          id: 'events',
          action: 'trackEvent',
          trigger: 'event = "Review Requested" or event = "Product Reviewed" or event = "Size Guide Opened"',
          mapping: {
            userId: { '@path': '$.userId' },
            eventName: { '@path': '$.event' },
            dataFields: { '@path': '$.properties' },
          },
        },
      ],
    },
  ],
});

/** Notes which files each thread loads. */
const TRACER = `
import { appendFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { isMainThread, threadName } from 'node:worker_threads';
registerHooks({
  load(url, context, next) {
    appendFileSync(process.env.LOADED, (isMainThread ? 'accepting' : threadName) + ' ' + url + '\\n');
    return next(url, context);
  },
});`;

describe('`waybill start`', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'waybill-start-'));
  const loaded = join(dataDir, 'loaded.txt');
  let sandbox: Sandbox;
  let child: ChildProcess;
  let url: string;

  beforeAll(async () => {
    sandbox = await createSandbox({ projectType: 'hybrid', limits: false });
    const bin = resolve(import.meta.dirname, '../../packages/cli/bin/waybill.js');
    const file = join(dataDir, 'workspace.json');
    writeFileSync(file, JSON.stringify(workspaceFor(sandbox.url)));
    const flags = ['--port', '0', '--data', join(dataDir, 'data'), '--workspace', file];
    const tracer = join(dataDir, 'tracer.mjs');
    writeFileSync(tracer, TRACER);
    const env = {
      ...process.env,
      WAYBILL_ALLOWED_HOSTS: new URL(sandbox.url).host,
      NODE_OPTIONS: `--import=${pathToFileURL(tracer).href}`,
      LOADED: loaded,
    };
    const started = spawn(process.execPath, [bin, 'start', ...flags], { env });
    child = started;
    let said = '';
    url = await new Promise<string>((found, failed) => {
      const read = (part: Buffer): void => {
        said += part.toString();
        const match = /Waybill listens on (http:\S+)/.exec(said);
        if (match !== null) found(match[1]!);
      };
      started.stdout.on('data', read);
      started.stderr.on('data', read);
      started.once('exit', () => failed(new Error(`It ended:\n${said}`)));
    });
  });
  afterAll(async () => {
    child.kill('SIGKILL');
    await sandbox.close();
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
  });

  it('becomes the process of a server, and answers', async () => {
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    const commandLine = `/proc/${child.pid}/cmdline`;
    if (existsSync(commandLine)) {
      const words = readFileSync(commandLine, 'utf8').split('\0');
      expect(words).toEqual(expect.arrayContaining([...SERVER_FLAGS, 'start']));
    }
  });

  interface Told {
    readonly eventName: string;
    readonly userId: string;
    readonly dataFields: Readonly<Record<string, unknown>>;
  }
  const told = async (name: string, count: number): Promise<readonly Told[]> => {
    const read = async (): Promise<readonly Told[]> => {
      const state = (await (await fetch(`${sandbox.url}/_sandbox/state`)).json()) as { events: Told[] };
      return state.events.filter(({ eventName }) => eventName === name);
    };
    await vi.waitUntil(async () => (await read()).length >= count, { timeout: 20_000, interval: 50 });
    return read();
  };
  const answerTo = async (path: string, body?: object): Promise<readonly [number, unknown]> => {
    const headers = { 'content-type': 'application/json', origin: 'https://shop.example' };
    const post = { method: 'POST', headers, body: JSON.stringify(body) };
    const answer = await fetch(`${url}/${path}`, body === undefined ? {} : post);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    const read = (await answer.json()) as { error?: { code: string } };
    return [answer.status, read.error?.code ?? read];
  };

  it('accepts a review by a signed link (R52): once, for a limited time, and unchanged', async () => {
    const delivered = (userId: string, order: string, at: number): object[] =>
      ['Order Completed', 'Order Delivered'].map((event) => ({
        type: 'track',
        event,
        userId,
        timestamp: new Date(at).toISOString(),
        properties: {
          order_id: order,
          shipment_id: `parcel of ${order}`,
          total: 20,
          currency: 'EUR',
          products: [{ product_id: 'tea', quantity: 1, price: 20 }],
        },
      }));
    const sent = await fetch(`${url}/v1/batch`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa('demo:')}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        batch: [
          ...delivered('ada', '17', Date.now()),
          ...delivered('bob', '18', Date.now() - 100 * DAY),
          ...delivered('eve', '19', Date.now()),
        ],
      }),
    });
    expect(sent.status).toBe(200);
    const links = new Map(
      (await told('Review Requested', 3)).map(({ userId, dataFields }) => {
        const [product] = dataFields['products'] as [{ review_url: string }];
        return [userId, new URL(product.review_url).searchParams.get('token')!];
      }),
    );
    const token = links.get('ada')!;
    // No other process reads in it.
    expect(Buffer.from(token, 'base64url').toString('latin1')).not.toContain('ada');
    expect(await answerTo(`reviews/reviews?token=${token}`)).toMatchObject([
      200,
      { orderId: '17', productId: 'tea' },
    ]);
    const review = { rating: 5, title: 'Fine', body: 'I drink it every day.' };
    const changed = `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`;
    const tries = [
      ['of another server or changed', { token: changed, ...review }, [401, 'review_link_invalid']],
      ['none', review, [401, 'review_link_invalid']],
      ['too old', { token: links.get('bob'), ...review }, [410, 'review_link_expired']],
      ['with what is no rating', { token, rating: 6 }, [400, 'review_invalid']],
      ['with a member too many', { token, ...review, userId: 'eve' }, [400, 'review_invalid']],
    ] as const;
    for (const [name, body, answer] of tries)
      expect(await answerTo('reviews/reviews', body), name).toEqual(answer);
    const both = await Promise.all([1, 2].map(() => answerTo('reviews/reviews', { token, ...review })));
    expect(both.map(([status]) => status).sort()).toEqual([200, 409]);
    expect(await answerTo('reviews/reviews', { token, ...review })).toEqual([409, 'review_link_used']);
    expect(await answerTo(`reviews/reviews?token=${token}`)).toEqual([409, 'review_link_used']);
    expect((await answerTo('reviews/reviews', { token: links.get('eve'), rating: 1 }))[0]).toBe(200);
    expect(await answerTo('reviews/shop', { token, ...review })).toEqual([404, 'request_not_found']);
    const reviewed = await told('Product Reviewed', 2);
    expect(reviewed.map(({ userId, dataFields }) => ({ userId, dataFields }))).toEqual([
      {
        userId: 'ada',
        dataFields: {
          review_id: expect.any(String) as string,
          product_id: 'tea',
          order_id: '17',
          rating: 5,
          review_title: 'Fine',
          review_body: 'I drink it every day.',
        },
      },
      expect.objectContaining({ userId: 'eve' }),
    ]);
  });

  it('accepts unknown events of the storefront (R27)', async () => {
    const body = {
      userId: 'ada',
      event: 'Size Guide Opened',
      properties: { product_id: 'tea', tab: 'women' },
    };
    const sent = await fetch(`${url}/v1/track`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa('demo:')}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(sent.status).toBe(200);
    const [opened] = await told('Size Guide Opened', 1);
    expect(opened).toMatchObject({ userId: 'ada', dataFields: body.properties });
  });

  it('loads into each thread only what that thread uses', () => {
    const lines = readFileSync(loaded, 'utf8').trim().split('\n');
    const partsOf = (thread: string): readonly string[] => {
      const files = lines.filter((line) => line.startsWith(`${thread} `));
      return parts.filter((part) => files.some((file) => file.includes(`/${part}/`)));
    };
    // Of the package `ingest`, the delivery thread has nothing but who was deleted.
    const ingest = ['intake', 'processors', 'shops', 'sources'].map(
      (folder) => `packages/ingest/dist/${folder}`,
    );
    const own = ['sources', 'commerce', 'segment', 'definitions'].map((name) => `packages/${name}`);
    const parts = [...ingest, ...own, 'node_modules/fastify', 'node_modules/got'];
    expect(partsOf('delivery')).toEqual(['node_modules/got']);
    expect(partsOf('processors')).toEqual([
      'packages/ingest/dist/intake',
      'packages/ingest/dist/processors',
      'packages/commerce',
    ]);
    expect(partsOf('accepting')).toEqual(parts.slice(0, -1));
  });

  it('ends on request', async () => {
    const ended = new Promise((end) => child.once('exit', end));
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  });
});
