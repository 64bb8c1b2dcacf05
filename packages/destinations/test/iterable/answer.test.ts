import { describe, expect, it } from 'vitest';
import type { HttpResponse } from '@waybill/core';

import { confirmed, readAnswer } from '../../src/iterable/api/answer.ts';

const NOW = Date.UTC(2026, 2, 1);

function response(status: number, body: unknown, headers: Record<string, string> = {}): HttpResponse {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const parsed = typeof body === 'string' ? undefined : body;
  return { kind: 'response', ok: status < 300, status, headers, text, body: parsed, exchange: 0 };
}

const a = (code: string, msg = '', params: unknown = null): object => ({ msg, code, params });

describe('an answer as a whole', () => {
  it.each([
    // [what, status, body, outcome, whether fewer items can help]
    ['a wrong key', 401, a('BadApiKey', 'Invalid API key'), 'rejected destination_unauthorized', false],
    ['a key without the right', 403, a('Forbidden'), 'rejected destination_forbidden', false],
    ['a bad token', 400, a('InvalidJwtPayload'), 'rejected destination_unauthorized', false],
    [
      'a wrong JSON member',
      400,
      a('BadJsonBody', 'Invalid JSON body'),
      'rejected destination_rejected',
      true,
    ],
    ['a bad address', 400, a('InvalidEmailAddressError'), 'rejected destination_invalid_identifier', true],
    ['a bad user ID', 400, a('InvalidUserIdError'), 'rejected destination_invalid_identifier', true],
    ['an unknown user', 400, a('UnknownUserIdError'), 'rejected destination_user_not_found', true],
    [
      'an unknown user without a code of its own',
      400,
      a('BadParams', 'Cannot change user Some(a) to b. User does not exist'),
      'rejected destination_user_not_found',
      true,
    ],
    [
      'an unknown user of a newer service',
      400,
      { error: 'BadRequest', message: 'No user', code: 'error.users.noUserWithIdExists', data: { args: [] } },
      'rejected destination_user_not_found',
      true,
    ],
    [
      'an unknown user in plain text',
      400,
      'No user with that id exists!',
      'rejected destination_user_not_found',
      true,
    ],
    ['a forgotten user as 400', 400, a('ForgottenUserError'), 'rejected destination_user_forgotten', true],
    ['a forgotten user as 409', 409, a('ForgottenUserError'), 'rejected destination_user_forgotten', true],
    [
      'a forgotten user in words',
      409,
      a('BadParams', 'User is forgotten'),
      'rejected destination_user_forgotten',
      true,
    ],
    ['a conflict', 409, a('ExternalKeyConflict'), 'rejected destination_identity_conflict', true],
    ['a conflict in the other word', 409, a('Conflict'), 'rejected destination_identity_conflict', true],
    ['an address in use', 400, a('EmailAlreadyExists'), 'rejected destination_identity_conflict', true],
    [
      'a type conflict',
      400,
      a('RequestFieldsTypesMismatched'),
      'rejected destination_field_type_conflict',
      true,
    ],
    ['too many fields', 400, a('UniqueFieldsLimitExceeded'), 'rejected destination_field_limit', true],
    ['too many items', 400, a('BatchTooLarge'), 'rejected destination_too_large', true],
    ['too many bytes', 413, 'Request Entity Too Large', 'rejected destination_too_large', true],
    [
      '"Success" on a 400',
      400,
      a('Success', 'error.lists.invalidListId(9)'),
      'rejected destination_not_found',
      false,
    ],
    [
      'a page for an unknown path',
      404,
      '<html><title>Action not found</title></html>',
      'rejected destination_not_found',
      false,
    ],
    ['a thing that is not there', 404, a('NotFound'), 'rejected destination_not_found', false],
    [
      'a page of a 400',
      400,
      '<html><body><h1>Bad request</h1></body></html>',
      'rejected destination_rejected',
      true,
    ],
    ['a 408', 408, '', 'retry destination_timeout', false],
    ['a 429', 429, a('RateLimitExceeded'), 'retry destination_rate_limited', false],
    ['a 429 in plain text', 429, 'Too Many Requests', 'retry destination_rate_limited', false],
    ['a 500', 500, a('GenericError'), 'retry destination_unavailable', false],
    ['a 500 that blames the e-mail', 500, a('QueueEmailError'), 'retry destination_unavailable', false],
    [
      'a 502 page',
      502,
      '<html><title>502 Bad Gateway</title></html>',
      'retry destination_unavailable',
      false,
    ],
    ['a redirect', 302, '', 'retry destination_unreadable_answer', false],
    ['a 200 that is a page', 200, '<html>Welcome</html>', 'retry destination_unreadable_answer', false],
    ['an empty 200', 200, '', 'retry destination_unreadable_answer', false],
    ['a 200 that is a list', 200, [], 'retry destination_unreadable_answer', false],
    [
      'a disallowed name as 200',
      200,
      a('Success', 'Event name x is disallowed from tracking'),
      'rejected destination_event_disallowed',
      true,
    ],
    ['an error code as 200', 200, a('BadParams', 'no'), 'rejected destination_rejected', true],
    ['a server error as 200', 200, a('DatabaseError'), 'retry destination_unavailable', false],
  ])('%s (%i)', (_what, status, body, expected, splittable) => {
    const answer = readAnswer(response(status, body), NOW);
    if (answer.kind !== 'refused') throw new Error('The answer was accepted.');
    expect([`${answer.outcome.status} ${answer.outcome.code}`, answer.splittable]).toEqual([
      expected,
      splittable,
    ]);
  });

  it('returns the message of Iterable, without its pages', () => {
    const page =
      '<html><head><style>p{}</style></head><body><h1>Bad  request</h1><script>x()</script></body></html>';
    expect(readAnswer(response(400, page), NOW)).toMatchObject({
      outcome: { message: 'Iterable answered 400: Bad request' },
    });
    const body = a('BadJsonBody', 'Invalid JSON body', {
      'obj.total': [{ msg: 'error.expected.jsnumber', args: [] }],
    });
    expect(readAnswer(response(400, body), NOW)).toMatchObject({
      outcome: {
        message: 'Iterable answered 400 BadJsonBody: Invalid JSON body obj.total: error.expected.jsnumber',
      },
    });
    expect(readAnswer(response(500, ''), NOW)).toMatchObject({
      outcome: { message: 'Iterable answered 500.' },
    });
  });

  it.each([
    ['seconds', { 'Retry-After': '7' }, null, 7_000],
    ['a date', { 'retry-after': new Date(NOW + 30_000).toUTCString() }, null, 30_000],
    ['a date that is past', { 'retry-after': new Date(NOW - 30_000).toUTCString() }, null, 0],
    ['the body', {}, { rateLimitReset: 3 }, 3_000],
    ['a point in time in the body', {}, { rateLimitReset: NOW / 1000 + 5 }, 5_000],
    ['the header before the body', { 'retry-after': '1' }, { rateLimitReset: 3 }, 1_000],
    ['nothing', {}, {}, undefined],
    ['nonsense', { 'retry-after': 'soon' }, { rateLimitReset: 'later' }, undefined],
  ])('waits according to %s', (_what, headers, params, expected) => {
    const answer = readAnswer(response(429, a('RateLimitExceeded', '', params), headers), NOW);
    expect(answer).toMatchObject({ outcome: { status: 'retry' } });
    expect(answer.kind === 'refused' && answer.outcome.status === 'retry' && answer.outcome.afterMs).toBe(
      expected,
    );
  });

  it('is not a network failure', () => {
    const failure = { kind: 'failure', ok: false, message: 'no route', exchange: 3 } as const;
    expect(readAnswer({ ...failure, code: 'destination_unreachable' }, NOW)).toMatchObject({
      outcome: { status: 'retry', code: 'destination_unreachable' },
      exchange: 3,
    });
    expect(readAnswer({ ...failure, code: 'destination_address_forbidden' }, NOW)).toMatchObject({
      outcome: { status: 'rejected', code: 'destination_address_forbidden' },
    });
  });

  it('confirms a single item only by its code', () => {
    expect(confirmed(readAnswer(response(200, a('Success')), NOW))).toBeUndefined();
    expect(confirmed(readAnswer(response(202, a('Accepted')), NOW))).toBeUndefined();
    expect(confirmed(readAnswer(response(200, {}), NOW))).toMatchObject({
      code: 'destination_unreadable_answer',
    });
  });
});
