import type { Json, JsonObject } from '../json.ts';

/** A complete answer. */
export interface Reply {
  readonly status: number;
  readonly body: string;
  readonly type: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const JSON_TYPE = 'application/json';

/** Any JSON body. */
export function json(body: unknown, status = 200): Reply {
  return { status, body: JSON.stringify(body), type: JSON_TYPE };
}

/** The common body `{msg, code, params}`. */
export function common(status: number, code: string, msg: string, params: JsonObject | null = null): Reply {
  return { status, body: JSON.stringify({ msg, code, params }), type: JSON_TYPE };
}

/** Success of a single write. */
export function success(msg = '', params: JsonObject | null = null, status = 200): Reply {
  return common(status, 'Success', msg, params);
}

/** Plain text, as list exports and a few old handlers answer. */
export function text(body: string, status = 200): Reply {
  return { status, body, type: 'text/plain; charset=utf-8' };
}

/** The second body family, used by catalogs and some newer services. */
export function playError(status: number, error: string, message: string, code: string, args: Json[]): Reply {
  return json({ error, message, code, data: { args } }, status);
}

/** 401 for a key the project does not know. */
export function invalidKey(endpoint: string): Reply {
  return common(401, 'BadApiKey', 'Invalid API key', { ip: '127.0.0.1', endpoint });
}

/** 401 for a known key that may not call this endpoint. */
export function insufficientKey(endpoint: string, identifier: string, type: string): Reply {
  return common(401, 'BadApiKey', 'Disabled API key or insufficient privileges', {
    ip: '127.0.0.1',
    endpoint,
    apiKeyIdentifier: identifier,
    apiKeyType: type,
  });
}

/** 400 for a body that is not JSON or whose members have the wrong JSON type. */
export function badJsonBody(endpoint: string, params: JsonObject | null): Reply {
  return common(400, 'BadJsonBody', `[${endpoint}] Invalid JSON body`, params);
}

/** The same as recorded years ago: the request inside the message, and the invalid members as lists of error keys. */
export function oldBadJsonBody(
  endpoint: string,
  wrong: Readonly<Record<string, string>>,
  body: Buffer,
): Reply {
  const kinds: Record<string, string> = {
    String: 'string',
    Number: 'number',
    Boolean: 'boolean',
    Object: 'object',
    Array: 'array',
  };
  const params = Object.fromEntries(
    Object.entries(wrong).map(([member, phrase]) => [
      member,
      [{ msg: `error.expected.js${kinds[phrase.split(' ')[0]!] ?? 'value'}`, args: [] }],
    ]),
  );
  const text = body.toString('utf8', 0, 1000);
  return common(400, 'BadJsonBody', `Invalid JSON body for ${endpoint}: ${text}`, params);
}

/** 400 for a missing or unusable parameter. */
export function badParams(msg: string): Reply {
  return common(400, 'BadParams', msg);
}

/** 400 for a malformed address. */
export function badEmail(email: string): Reply {
  return common(400, 'InvalidEmailAddressError', `Invalid email: ${email}`);
}

/** 400 for a malformed userId. */
export function badUserId(userId: string): Reply {
  return common(400, 'InvalidUserIdError', `Invalid userId: ${userId}`);
}

/** 404 for an unknown path: a page, not JSON. */
export function noSuchPath(method: string, path: string): Reply {
  const shown = `${method} ${path}`.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);
  const body = `<!DOCTYPE html>
<html lang="en">
  <head><title>Action not found</title></head>
  <body>
    <h1>Action not found</h1>
    <p id="detail">For request '${shown}'</p>
  </body>
</html>
`;
  return { status: 404, body, type: 'text/html; charset=utf-8' };
}
