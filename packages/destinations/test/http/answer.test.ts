import { describe, expect, it } from 'vitest';
import { delivered, type HttpResponse, rejected } from '@waybill/core';
import { connectionOf, outcomeOf, outcomesOf, waitOf, wordsOf } from '@waybill/destinations/http';

const context = { now: () => Date.parse('2026-01-15T12:00:00Z') };

function answer(status: number, body: unknown, headers: Record<string, string> = {}): HttpResponse {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const read = typeof body === 'string' ? undefined : body;
  return { kind: 'response', ok: status < 300, status, headers, text, body: read, exchange: 3 };
}

describe('the outcome of an answer', () => {
  it('follows from its status, with the message of the service', () => {
    expect(outcomeOf(answer(204, ''), context)).toEqual({ status: 'delivered', exchanges: [3] });
    expect(outcomeOf(answer(422, { message: 'No such book.' }), context)).toEqual({
      status: 'rejected',
      code: 'destination_rejected',
      message: 'The service answered 422: No such book.',
      exchanges: [3],
    });
    expect(outcomeOf(answer(503, ''), context)).toMatchObject({
      status: 'retry',
      code: 'destination_unavailable',
      message: 'The service answered 503.',
    });
  });

  it('waits according to the answer, in seconds or until a date', () => {
    expect(outcomeOf(answer(429, '', { 'Retry-After': '10' }), context)).toMatchObject({ afterMs: 10_000 });
    expect(waitOf({ headers: { 'retry-after': 'Thu, 15 Jan 2026 12:00:30 GMT' } }, context.now())).toBe(
      30_000,
    );
    expect(waitOf({ headers: {} }, context.now())).toBeUndefined();
  });

  it('is that of the failure without an answer', () => {
    const failure = (code: 'destination_timeout' | 'destination_address_forbidden') =>
      outcomeOf({ kind: 'failure', ok: false, code, message: 'Why.', exchange: 1 }, context);
    expect(failure('destination_timeout')).toMatchObject({
      status: 'retry',
      message: 'Why.',
      exchanges: [1],
    });
    expect(failure('destination_address_forbidden')).toMatchObject({ status: 'rejected' });
  });
});

describe('the message of an answer', () => {
  it.each([
    [{ msg: 'a' }, 'a'],
    [{ title: 'Bad', detail: 'More.' }, 'More.'],
    [{ error: { message: 'inner' } }, 'inner'],
    [{ error: 'text' }, 'text'],
    [{ other: 1 }, ''],
    ['<html><title>502 Bad Gateway</title></html>', '502 Bad Gateway'],
    ['<p>so</p> it <script>no()</script>is', 'so it is'],
    [{ message: 'x'.repeat(1_000) }, 'x'.repeat(600)],
  ])('of %j', (body, words) => {
    expect(wordsOf(answer(400, body))).toBe(words);
  });
});

describe('the outcomes of items', () => {
  const of = (given: HttpResponse, count: number) =>
    outcomesOf(given, context, {
      count,
      list: ({ results }) => results,
      outcome: ({ ok }) => (ok === true ? delivered() : rejected('destination_rejected')),
    });

  it('are those of the answer', () => {
    const outcomes = of(answer(200, { results: [{ ok: true }, { ok: false }, null] }), 3);
    expect(outcomes.map(({ status }) => status)).toEqual(['delivered', 'rejected', 'retry']);
  });

  it('are retries where the answer lacks them, and equal where it refuses all', () => {
    for (const body of [{}, { results: [{ ok: true }] }, 'fine']) {
      expect(of(answer(200, body), 2)).toEqual([
        expect.objectContaining({ status: 'retry', code: 'destination_unreadable_answer' }),
        expect.objectContaining({ status: 'retry' }),
      ]);
    }
    expect(of(answer(401, {}), 2)).toHaveLength(2);
    expect(of(answer(401, {}), 2)[1]).toMatchObject({ code: 'destination_unauthorized' });
  });
});

it('a connection test reports why it failed', () => {
  expect(connectionOf(answer(200, {}), context)).toEqual({ ok: true });
  expect(connectionOf(answer(403, { message: 'Read only.' }), context)).toMatchObject({
    ok: false,
    issue: { code: 'destination_forbidden', message: 'The service answered 403: Read only.' },
  });
});
