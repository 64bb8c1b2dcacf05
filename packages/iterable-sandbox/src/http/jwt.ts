import { createHmac, timingSafeEqual } from 'node:crypto';
import { common, type Reply } from '../model/errors.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';

/** Returns the claims of a valid token, or the 401. */
export function readJwt(
  authorization: string | undefined,
  secret: string,
  now: number,
): { readonly claims: JsonObject } | Reply {
  const token = /^Bearer ([\w-]+)\.([\w-]+)\.([\w-]+)$/.exec(authorization ?? '');
  if (token === null) {
    return common(401, 'BadAuthorizationHeader', 'Authorization header must be "Bearer" and a JWT');
  }
  const [head, claims, signature] = [token[1]!, token[2]!, token[3]!];
  const expected = createHmac('sha256', secret).update(`${head}.${claims}`).digest();
  const given = Buffer.from(signature, 'base64url');
  const genuine = given.length === expected.length && timingSafeEqual(given, expected);
  const [header, value] = [decoded(head), decoded(claims)];
  if (!genuine || !isObject(header) || header.alg !== 'HS256' || !isObject(value)) {
    return common(401, 'InvalidJwtPayload', 'JWT is malformed or has a wrong signature');
  }
  if (typeof value.exp !== 'number' || value.exp * 1000 <= now) {
    return common(401, 'InvalidJwtPayload', 'JWT has expired');
  }
  return { claims: value };
}

/** Returns the 401 for a request about another user than that of the token. */
export function checkIdentifiers(claims: JsonObject, body: JsonObject): Reply | undefined {
  const holder = isObject(body.user) ? body.user : body;
  const email = holder.email ?? holder.currentEmail ?? undefined;
  const userId = holder.userId ?? holder.currentUserId ?? undefined;
  if (same(lower(email), lower(claims.email)) && same(userId, claims.userId)) return undefined;
  return common(401, 'JwtUserIdentifiersMismatched', 'JWT email or userId does not match the request');
}

function same(asked: Json | undefined, claimed: Json | undefined): boolean {
  return asked === undefined || asked === claimed;
}

function lower(value: Json | undefined): Json | undefined {
  return typeof value === 'string' ? value.toLowerCase() : value;
}

function decoded(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
