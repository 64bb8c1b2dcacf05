import { expect, it } from 'vitest';
import { createOAuthStates } from '../../src/oauth/states.ts';

const BEGUN = { destination: 'crm', redirectUri: 'http://127.0.0.1:4404/callback' };

it("ends the caller's own attempt within ten minutes, in any process with the key", () => {
  let at = 1_000;
  const states = createOAuthStates('key', () => at);
  const { state, expiresAt, challenge } = states.begin(BEGUN, 'session a');
  expect(expiresAt).toBe(601_000);
  const { verifier, ...begun } = createOAuthStates('key', () => at).end(state, 'session a');
  expect(begun).toEqual(BEGUN);
  expect([verifier, challenge]).toEqual([
    expect.stringMatching(/^[\w-]{43}$/),
    expect.stringMatching(/^[\w-]{43}$/),
  ]);
  expect(state).not.toContain(verifier);
  expect(states.begin(BEGUN, 'session a').state).not.toBe(state);
  const [content = '', signature = ''] = state.split('.');
  const forged = Buffer.from(JSON.stringify(['other', BEGUN.redirectUri, expiresAt, ''])).toString(
    'base64url',
  );
  for (const [wrong, who] of [
    [state, 'session b'],
    [`${forged}.${signature}`, 'session a'],
    [`${content}.`, 'session a'],
  ] as const)
    expect(() => states.end(wrong, who)).toThrow(expect.objectContaining({ code: 'oauth_state_invalid' }));
  expect(() => createOAuthStates('other key', () => at).end(state, 'session a')).toThrow();
  at = expiresAt;
  expect(() => states.end(state, 'session a')).toThrow(
    expect.objectContaining({ code: 'oauth_state_expired' }),
  );
});
