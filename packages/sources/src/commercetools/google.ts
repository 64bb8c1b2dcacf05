import { createPublicKey, type JsonWebKey, type KeyObject, verify } from 'node:crypto';
import { isRecord, type JsonObject } from '../read.ts';
import { list, number, text } from './json.ts';
import { type Context, GOOGLE_KEYS } from './settings.ts';

/** The tolerance for clocks, in seconds. */
const TOLERANCE = 300;
/** The delay before keys are fetched again for an unknown key ID, in milliseconds. */
const PATIENCE = 60_000;
const ISSUERS = ['https://accounts.google.com', 'accounts.google.com'];

interface Keys {
  readonly at: number;
  readonly byId: ReadonlyMap<string, KeyObject>;
}

/** Returns why a push of Pub/Sub is refused; undefined when its token is valid. */
export async function pushRefusal(authorization: string, context: Context): Promise<string | undefined> {
  const { pushAudience, pushServiceAccount } = context.settings;
  if (pushAudience === undefined || pushServiceAccount === undefined)
    return 'Set pushAudience and pushServiceAccount to those of the push subscription.';
  const token = /^Bearer ([\w-]+)\.([\w-]+)\.([\w-]+)$/.exec(authorization);
  if (token === null) return 'The push has no token: enable authentication for the push subscription.';
  const [, head = '', claims = '', signature = ''] = token;
  const header = decoded(head);
  if (text(header, 'alg') !== 'RS256') return 'The token is not signed with RS256.';
  const key = await keyOf(text(header, 'kid') ?? '', context);
  if (key === undefined) return 'The token is signed with a key that Google does not publish.';
  const signed = Buffer.from(`${head}.${claims}`);
  if (!verify('RSA-SHA256', signed, key, Buffer.from(signature, 'base64url')))
    return 'The token is not signed by Google.';
  return claimsRefusal(decoded(claims), { pushAudience, pushServiceAccount }, context.now() / 1000);
}

function claimsRefusal(
  claims: JsonObject,
  { pushAudience, pushServiceAccount }: Readonly<Record<'pushAudience' | 'pushServiceAccount', string>>,
  now: number,
): string | undefined {
  if (!ISSUERS.includes(text(claims, 'iss') ?? '')) return 'The token was not issued by Google.';
  if ((number(claims, 'exp') ?? 0) + TOLERANCE < now) return 'The token has expired.';
  if ((number(claims, 'iat') ?? Infinity) - TOLERANCE > now) return 'The token was issued in the future.';
  if (text(claims, 'aud') !== pushAudience)
    return 'The token was issued for an audience other than pushAudience.';
  const isAccount = text(claims, 'email') === pushServiceAccount && claims['email_verified'] === true;
  return isAccount ? undefined : 'The token was issued to an account other than pushServiceAccount.';
}

function decoded(part: string): JsonObject {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}

async function keyOf(id: string, context: Context): Promise<KeyObject | undefined> {
  const { memory, now } = context;
  const kept = memory.get('googleKeys') as Keys | undefined;
  const known = kept?.byId.get(id);
  if (known !== undefined || (kept !== undefined && now() - kept.at < PATIENCE)) return known;
  const byId = await loaded(context);
  memory.set('googleKeys', { at: now(), byId: byId ?? kept?.byId ?? new Map() } satisfies Keys);
  return byId?.get(id);
}

async function loaded({ settings, request }: Context): Promise<ReadonlyMap<string, KeyObject> | undefined> {
  const answer = await request({ url: settings.pushKeysUrl ?? GOOGLE_KEYS });
  if (answer.kind === 'failure' || !answer.ok) return undefined;
  const keys = list(answer.body, 'keys').filter((one) => text(one, 'kty') === 'RSA');
  return new Map(
    keys.map((key) => [text(key, 'kid') ?? '', createPublicKey({ key: key as JsonWebKey, format: 'jwk' })]),
  );
}
