import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { commercetools, contextOf, fixture, NOW, SETTINGS } from './shop.ts';
import type { Loose } from '../loose.ts';

const { hints } = commercetools.shop!;
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const others = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const keys = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k1', alg: 'RS256' }] };
const sns = fixture('sns');

const contextWithKeys = (settings = {}) =>
  contextOf((path) => {
    if (path === '/oauth2/v3/certs') return { body: keys };
    return path.endsWith('.pem') ? { body: sns.certificate } : undefined;
  }, settings);

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

function tokenOf(claims: Loose = {}, header: Loose = {}, key = privateKey): string {
  const signed = `${part({ alg: 'RS256', kid: 'k1', ...header })}.${part({
    iss: 'https://accounts.google.com',
    aud: SETTINGS.pushAudience,
    email: SETTINGS.pushServiceAccount,
    email_verified: true,
    iat: NOW / 1000,
    exp: NOW / 1000 + 3600,
    ...claims,
  })}`;
  return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), key).toString('base64url')}`;
}

const requestOf = (body: unknown, headers: Record<string, string>) => ({
  method: 'POST',
  headers,
  query: {},
  body: new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body)),
});
const pushOf = (notification: unknown, token = tokenOf()) => {
  const data = Buffer.from(JSON.stringify(notification)).toString('base64');
  return requestOf({ message: { data, messageId: '1' } }, { authorization: `Bearer ${token}` });
};
const snsOf = (message: Loose) => requestOf(message, { 'x-amz-sns-message-type': message.Type });
const note = (typeId: string, id = 'a-1') => ({ projectKey: 'shop', resource: { typeId, id } });

describe('a push of Pub/Sub', () => {
  it.each<readonly [string, unknown, unknown]>([
    [
      'a message',
      { ...fixture('message-payload'), ...note('customer') },
      [{ stream: 'customers', id: 'a-1' }],
    ],
    [
      'a change',
      { ...fixture('resource-updated-payload'), ...note('recurring-order') },
      [{ stream: 'subscriptions', id: 'a-1' }],
    ],
    [
      'a deletion',
      { ...fixture('resource-deleted-payload'), ...note('cart') },
      [{ stream: 'carts', id: 'a-1' }],
    ],
    ['a payment', note('payment'), [{ stream: 'payments', id: 'a-1' }]],
    [
      'a CloudEvent',
      { ...fixture('cloudevents-payload'), data: note('product', 'b32d1013') },
      [{ stream: 'products', id: 'b32d1013' }],
    ],
    [
      'a body that was too large',
      { ...fixture('payload-not-included'), ...note('order') },
      [{ stream: 'orders', id: 'a-1' }],
    ],
    ['an event of no resource', fixture('event-payload'), []],
    ['something else', note('category'), []],
    ['no id', note('order', '../x'), []],
  ])('names the rows to read: %s', async (_what, notification, expected) => {
    expect(await hints!(pushOf(notification), contextWithKeys().context)).toEqual({ hints: expected });
  });

  it.each<readonly [string, string]>([
    ['by another key', tokenOf({}, {}, others)],
    ['by no key', `${part({ alg: 'none' })}.${part({})}.AA`],
    ['by a key that is not published', tokenOf({}, { kid: 'k2' })],
    ['for another audience', tokenOf({ aud: 'https://other.example' })],
    ['of another account', tokenOf({ email: 'other@shop.iam.gserviceaccount.com' })],
    ['of an account that is not verified', tokenOf({ email_verified: false })],
    ['by another issuer', tokenOf({ iss: 'https://issuer.example' })],
    ['long ago', tokenOf({ exp: NOW / 1000 - 301 })],
    ['in the future', tokenOf({ iat: NOW / 1000 + 301 })],
    ['and altered', tokenOf().replace(/\.[^.]+\./, `.${part({ aud: SETTINGS.pushAudience })}.`)],
  ])('is refused when its token is made %s', async (_how, token) => {
    expect(await hints!(pushOf(note('order'), token), contextWithKeys().context)).toMatchObject({
      refused: { code: 'source_signature_invalid' },
    });
  });

  it('is refused without a token, and where the settings do not name its account', async () => {
    const bare = requestOf({ message: { data: '' } }, {});
    expect(await hints!(bare, contextWithKeys().context)).toHaveProperty('refused');
    const { context } = contextWithKeys({ pushAudience: undefined });
    expect(await hints!(pushOf(note('order')), context)).toHaveProperty('refused');
  });

  it('fetches unknown keys once a minute at most', async () => {
    const { context, calls, clock } = contextWithKeys();
    for (const kid of ['k1', 'x', 'y']) await hints!(pushOf(note('order'), tokenOf({}, { kid })), context);
    expect(calls).toHaveLength(1);
    clock.now += 60_001;
    await hints!(pushOf(note('order'), tokenOf({}, { kid: 'x' })), context);
    expect(calls).toHaveLength(2);
  });

  it('of another project is refused', async () => {
    const foreign = { ...note('order'), projectKey: 'other' };
    expect(await hints!(pushOf(foreign), contextWithKeys().context)).toMatchObject({
      refused: { code: 'request_invalid' },
    });
  });
});

describe('a message of SNS', () => {
  it.each(['notification', 'notification2'])('that Amazon has signed is accepted: %s', async (name) => {
    expect(await hints!(snsOf(sns[name]), contextWithKeys().context)).toEqual({
      hints: [{ stream: 'orders', id: '92f5a867-bf19-47ab-982c-6720a03a3921' }],
    });
  });

  it('that asks for confirmation is confirmed, at Amazon alone', async () => {
    const { context, calls } = contextWithKeys();
    expect(await hints!(snsOf(sns.confirmation), context)).toEqual({ hints: [] });
    expect(calls.map(({ url }) => url)).toEqual([
      sns.confirmation.SigningCertURL,
      sns.confirmation.SubscribeURL,
    ]);
  });

  it.each<readonly [string, Loose]>([
    ['was altered', { Message: sns.notification.Message.replace('order', 'cart') }],
    ['is of another topic', { TopicArn: 'arn:aws:sns:eu-central-1:123456789012:other' }],
    [
      'names a certificate elsewhere',
      { SigningCertURL: 'https://sns.eu-central-1.amazonaws.com.example/SimpleNotificationService-0.pem' },
    ],
    ['names another file of Amazon', { SigningCertURL: 'https://sns.eu-central-1.amazonaws.com/other.pem' }],
    ['is of an unknown type', { Type: 'Other' }],
    ['has no signature', { Signature: '' }],
  ])('that %s is refused', async (_why, changes) => {
    expect(await hints!(snsOf({ ...sns.notification, ...changes }), contextWithKeys().context)).toMatchObject(
      {
        refused: { code: 'source_signature_invalid' },
      },
    );
  });

  it('that is old is refused', async () => {
    const { context, clock } = contextWithKeys();
    clock.now += 3_900_001;
    expect(await hints!(snsOf(sns.notification), context)).toHaveProperty('refused');
  });
});
