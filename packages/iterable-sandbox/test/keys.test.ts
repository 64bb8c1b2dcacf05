import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { start } from './harness.ts';

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Creates a token like an app's own server. */
function token(claims: object, secret = 'secret', header: object = { alg: 'HS256', typ: 'JWT' }): string {
  const text = `${part(header)}.${part({ exp: 2000, ...claims })}`;
  return `Bearer ${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

describe('a key with JWT', () => {
  const apiKeys = [{ key: 'app', type: 'mobile', jwtSecret: 'secret' } as const];
  const event = { eventName: 'E' };
  const email = 'a@example.com';
  const item = { items: [] };
  const rows: [string, string | undefined, string, object, string][] = [
    ['its user', token({ userId: 'u' }), 'users/update', { userId: 'u' }, 'Success'],
    [
      'its user in another case',
      token({ email }),
      'events/track',
      { ...event, email: 'A@example.com' },
      'Success',
    ],
    [
      'its user inside a cart',
      token({ email }),
      'commerce/updateCart',
      { user: { email }, ...item },
      'Success',
    ],
    ['no token', undefined, 'users/update', { userId: 'u' }, 'BadAuthorizationHeader'],
    ['another scheme', 'Basic abc', 'users/update', { userId: 'u' }, 'BadAuthorizationHeader'],
    [
      'a wrong signature',
      token({ userId: 'u' }, 'guess'),
      'users/update',
      { userId: 'u' },
      'InvalidJwtPayload',
    ],
    ['an old token', token({ userId: 'u', exp: 1 }), 'users/update', { userId: 'u' }, 'InvalidJwtPayload'],
    [
      'another algorithm',
      token({}, 'secret', { alg: 'none' }),
      'users/update',
      { userId: 'u' },
      'InvalidJwtPayload',
    ],
    [
      'somebody else',
      token({ userId: 'u' }),
      'users/update',
      { userId: 'v' },
      'JwtUserIdentifiersMismatched',
    ],
    [
      'the other identifier',
      token({ userId: 'u' }),
      'users/update',
      { email },
      'JwtUserIdentifiersMismatched',
    ],
    [
      'somebody else in a cart',
      token({ email }),
      'commerce/updateCart',
      { user: { userId: 'v' }, ...item },
      'JwtUserIdentifiersMismatched',
    ],
  ];
  it.each(rows)('with %s', async (_name, authorization, path, body, code) => {
    const { call } = await start({ apiKeys, now: () => 1_000_000 });
    const headers = { 'Api-Key': 'app', ...(authorization === undefined ? {} : { authorization }) };
    const answer = await call('POST', `/api/${path}`, body, headers);
    expect([answer.status, answer.body.code]).toEqual([code === 'Success' ? 200 : 401, code]);
  });

  it('is the only kind that reads the header', async () => {
    const { call } = await start();
    const answer = await call('POST', '/api/users/update', { userId: 'u' }, { authorization: 'Bearer x' });
    expect(answer.status).toBe(200);
  });
});

describe('a region', () => {
  it('can be changed by a reset, except to one that an e-mail project cannot be in', async () => {
    const { call, control } = await start({ apiKeys: [{ key: 'demo', type: 'server', region: 'us' }] });
    const status = async () => (await call('GET', '/api/channels')).status;
    expect(await status()).toBe(200);
    expect((await control('reset', { region: 'eu' })).body.region).toBe('eu');
    expect(await status()).toBe(401);
    expect((await control('reset', { projectType: 'email' })).body.error).toContain('do not exist in the EU');
    expect((await control('reset', { region: 'mars' })).body.error).toBe('region must be one of us, eu');
    expect((await control('health')).body).toMatchObject({ projectType: 'hybrid', region: 'eu' });
  });
});

describe('device and browser tokens', () => {
  const device = { token: 't1', platform: 'GCM', applicationName: 'shop', dataFields: { brand: 'x' } };
  const phone = async () => {
    const subject = await start({
      apiKeys: [
        { key: 'demo', type: 'server' },
        { key: 'app', type: 'mobile' },
      ],
    });
    const send = (path: string, body: object) =>
      subject.call('POST', `/api/users/${path}`, { userId: 'u', ...body }, { 'Api-Key': 'app' });
    const fields = async () => (await subject.get('users/byUserId/u')).body.user.dataFields;
    return { ...subject, send, fields };
  };

  it('are kept on the profile, once each, until they are disabled', async () => {
    const { send, fields } = await phone();
    await send('registerDeviceToken', { device });
    await send('registerDeviceToken', { device: { ...device, platform: 'APNS' } });
    await send('registerDeviceToken', { device: { ...device, token: 't2' } });
    await send('registerBrowserToken', { browserToken: 'b' });
    expect(await fields()).toMatchObject({
      devices: [
        { token: 't1', platform: 'APNS', applicationName: 'shop', endpointEnabled: true, brand: 'x' },
        { token: 't2' },
      ],
      browserTokens: [{ token: 'b' }],
    });
    await send('disableDevice', { token: 't1' });
    expect((await fields()).devices.map((one: { endpointEnabled: boolean }) => one.endpointEnabled)).toEqual([
      false,
      true,
    ]);
  });

  it.each([
    ['device', { device: { ...device, platform: 'PAGER' } }, 400, 'BadParams'],
    ['device', { device: { ...device, token: '' } }, 500, 'GenericError'],
    ['device', { device: { token: 't', platform: 'GCM' } }, 400, 'BadJsonBody'],
    ['device', { device, userId: null }, 400, 'BadParams'],
    ['device', { device, userId: 'x'.repeat(53) }, 400, 'InvalidUserIdError'],
    ['browser', {}, 400, 'BadJsonBody'],
  ])('of a %s are refused: %j', async (kind, body, status, code) => {
    const { send } = await phone();
    const answer = await send(kind === 'device' ? 'registerDeviceToken' : 'registerBrowserToken', body);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  it('are at most 500 for a user', async () => {
    const { send, sandbox } = await phone();
    await send('registerDeviceToken', { device });
    const [profile] = sandbox.project.profiles;
    profile!.fields.devices = Array.from({ length: 500 }, (_, n) => ({ ...device, token: `d${n}` }));
    expect((await send('registerDeviceToken', { device })).status).toBe(400);
    expect((await send('registerDeviceToken', { device: { ...device, token: 'd7' } })).status).toBe(200);
    expect((await send('disableDevice', { token: 'd7', userId: 'nobody' })).status).toBe(400);
    expect((await send('disableDevice', { token: 'd7', userId: null })).status).toBe(200);
  });
});
