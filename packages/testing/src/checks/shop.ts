import { deepStrictEqual, ok } from 'node:assert/strict';
import {
  ERRORS,
  type RowKey,
  type RowPage,
  type RowQuery,
  type ShopStream,
  type Source,
  type SourceContext,
} from '@waybill/core';
import { statesOf } from '@waybill/ingest';
import { fakeClock, type FakeClock } from '../clock.ts';
import type { CannedAnswers } from '../http/canned.ts';
import { resolveSource, sourceContext, type TestWebhook, webhookRequest } from '../ingest/source.ts';
import type { TestTools } from '../runner.ts';
import { SAMPLE_SECRET, sampleSettings } from '../sample.ts';
import { freeze, withSample } from './property.ts';

/** The fixtures of a shop. */
export interface ShopFixtures {
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Rows as the shop returns them, by stream. */
  readonly rows: Readonly<Record<string, readonly unknown[]>>;
  /** The answers of the shop to calls for pages, with the requested number of rows. Without it no pages are read. */
  readonly answers?: CannedAnswers;
  /** A valid request to the webhook. */
  readonly webhook?: TestWebhook;
  /** Whether the signature covers the body; true when absent. */
  readonly signsBody?: boolean;
  readonly clock?: Pick<FakeClock, 'now'>;
}

/**
 * Tests for every shop: states are valid and deterministic, rows have positions and are ordered by them for any page size, refusals
 * are failures with codes, and a webhook accepts only signed requests.
 */
export function shopTests(
  source: Source,
  tools: Pick<TestTools, 'describe' | 'it'>,
  fixtures: ShopFixtures,
): void {
  const { shop } = source;
  const settings = { ...withSample(source, sampleSettings(source.settings)), ...fixtures.settings };
  const contextWith = (answers: CannedAnswers | undefined) => {
    const resolved = resolveSource(source, { settings });
    const { clock = fakeClock() } = fixtures;
    return sourceContext(resolved, { clock, ...(answers === undefined ? {} : { answers }) });
  };
  const setup = () => contextWith(fixtures.answers).context;
  tools.describe(`${source.name}: whatever the shop`, () => {
    for (const [name, rows] of Object.entries(fixtures.rows)) {
      const stream = shop!.streams[name]!;
      tools.it(`rows of "${name}" have a place, and tell the same states each time`, async () => {
        ok(rows.length > 0, `There is no row of "${name}".`);
        for (const row of rows) checkRow(stream, row, setup().settings);
      });
      if (stream.page === undefined || fixtures.answers === undefined) continue;
      tools.it(
        `"${name}" gives the same rows in the order of time, whatever the size of a page`,
        async () => {
          for (const by of ['changed', 'created'] as const) {
            // Not every stream supports both.
            if (by === 'changed' ? stream.every === undefined : stream.sweep === undefined) continue;
            const read = (query: Pick<RowQuery, 'skip' | 'limit'>) => stream.page!({ by, ...query }, setup());
            await checkPages(stream, by, read);
          }
        },
      );
    }
    for (const [name, stream] of Object.entries(shop?.streams ?? {})) {
      tools.it(
        `"${name}" says what is wrong when the shop refuses, is busy, or answers with a page`,
        async () => {
          for (const [what, answers] of REFUSALS)
            await checkRefusal(stream, what, () => contextWith(answers));
        },
      );
    }
    const { webhook, signsBody = true } = fixtures;
    if (webhook === undefined || shop?.hints === undefined) return;
    tools.it('a webhook takes what is signed, and nothing that is not', () =>
      checkWebhook(source, webhook, { setup, signsBody }),
    );
  });
}

const PAGE = '<!doctype html><title>Service Unavailable</title>';
/** Refusals of shops, which every source must recognise. */
const REFUSALS: readonly (readonly [what: string, answers: CannedAnswers])[] = [
  ['401', [{ status: 401, json: {} }]],
  ['403', [{ status: 403, json: {} }]],
  ['429', [{ status: 429, text: '' }]],
  ['500', [{ status: 500, json: {} }]],
  ['503 as a page', [{ status: 503, text: PAGE, headers: { 'content-type': 'text/html' } }]],
  ['a page in place of JSON', [{ text: PAGE, headers: { 'content-type': 'text/html' } }]],
  ['no answer', [{ failure: 'timeout' }]],
];

/** A failed call is a failure with a code: not an exception, and not an empty list. */
async function checkRefusal(
  stream: ShopStream,
  what: string,
  setup: () => ReturnType<typeof sourceContext>,
): Promise<void> {
  const { page, get, pageSize: limit } = stream;
  const tried = [
    ['page', (context: SourceContext) => page?.({ by: 'changed', skip: 0, limit }, context)],
    ['get', (context: SourceContext) => get?.('1', context)],
  ] as const;
  for (const [call, ask] of tried) {
    const { context, calls } = setup();
    const got = await ask(context);
    // A shop in memory is never refused.
    if (got === undefined || calls.length === 0) continue;
    ok(typeof got === 'object' && 'failure' in got, `"${call}" interprets ${what} as rows.`);
    const { code, status, message } = got.failure;
    ok(
      Object.hasOwn(ERRORS, code) && message !== '',
      `"${call}" returns an unknown code for ${what}: "${code}".`,
    );
    if (/^(429|5\d\d)/.test(what)) ok(status === 'retry', `"${call}" does not retry after ${what}.`);
  }
}

function checkRow(stream: ShopStream, row: unknown, settings: unknown): void {
  const told = statesOf(stream, freeze(row), settings);
  if ('issue' in told) ok(false, `${told.issue.path}: ${told.issue.message}`);
  deepStrictEqual(statesOf(stream, row, settings), told);
  const text = JSON.stringify(told.states);
  ok(!text.includes(SAMPLE_SECRET), 'A state has a secret in it.');
  for (const by of ['changed', 'created'] as const) {
    const { id, at } = stream.keyOf(row, by);
    ok(typeof id === 'string' && id !== '', `The position of a row by "${by}" has no ID.`);
    ok(!Number.isNaN(Date.parse(at)), `The position of row ${id} by "${by}" has no time: "${at}".`);
  }
}

async function checkPages(
  stream: ShopStream,
  by: RowQuery['by'],
  read: (query: Pick<RowQuery, 'skip' | 'limit'>) => ReturnType<NonNullable<ShopStream['page']>>,
): Promise<void> {
  const keysOf = (page: RowPage): readonly RowKey[] => page.rows.map((row) => stream.keyOf(row, by));
  const pageOf = async (skip: number, limit: number): Promise<readonly RowKey[]> => {
    const page = await read({ skip, limit });
    if ('failure' in page) throw new Error(`A page could not be read: ${page.failure.message}`);
    ok(page.rows.length <= limit, `A page of ${limit} has ${page.rows.length} rows.`);
    return keysOf(page);
  };
  const whole = await pageOf(0, stream.pageSize);
  const times = whole.map(({ at }) => Date.parse(at));
  deepStrictEqual(
    times,
    times.toSorted((one, other) => one - other),
    `Rows by "${by}" are not in the order of time.`,
  );
  const singly: RowKey[] = [];
  for (let skip = 0; skip < Math.min(whole.length, 6); skip += 1) singly.push(...(await pageOf(skip, 1)));
  deepStrictEqual(singly, whole.slice(0, 6), `Pages of one row by "${by}" are not the rows of a whole page.`);
}

async function checkWebhook(
  source: Source,
  webhook: TestWebhook,
  { setup, signsBody }: { readonly setup: () => SourceContext; readonly signsBody: boolean },
): Promise<void> {
  const { hints, streams } = source.shop!;
  const request = webhookRequest(webhook);
  const taken = await hints!(request, setup());
  ok('hints' in taken, 'The request of the fixtures is refused.');
  for (const { stream } of taken.hints) ok(stream in streams, `There is no stream "${stream}".`);
  deepStrictEqual(await hints!(request, setup()), taken, 'The same request returns other hints.');
  const altered = request.body.slice();
  if (altered.length > 0) altered[altered.length - 1]! ^= 1;
  const wrong = [
    ...(signsBody
      ? ([
          ['an altered body', { ...request, body: altered }],
          ['a longer body', { ...request, body: new Uint8Array([...request.body, 32]) }],
        ] as const)
      : []),
    ['no headers and no query', { ...request, headers: {}, query: {} }],
  ] as const;
  for (const [what, one] of wrong) {
    const answer = await hints!(one, setup());
    ok('refused' in answer, `A request with ${what} is accepted.`);
  }
}
