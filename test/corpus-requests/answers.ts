/** What was sent, as far as it matters. */
export interface Sent {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed when it is JSON. */
  readonly body: unknown;
}

/** An answer to a request. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** How a destination is in a comparison. */
export const MOODS = ['empty', 'lists', 'objects', 'refuses', 'busy', 'broken'] as const;

/** How a destination is in a comparison. */
export type Mood = (typeof MOODS)[number];

/** The ways in which a destination answers requests. */
export const FRIENDLY: readonly Mood[] = ['empty', 'lists', 'objects'];

const ENTRY = {
  id: 'id-1',
  Id: 'id-1',
  uuid: '123e4567-e89b-42d3-a456-426614174000',
  name: 'value',
  key: 'value',
  status: 'success',
  success: true,
  ok: true,
  code: 'Success',
  msg: 'done',
  message: 'done',
  access_token: 'token-2',
  accessToken: 'token-2',
  token: 'token-2',
  auth: { token: 'token-2' },
  expires_in: 3600,
  url: 'https://upload.example/file',
  upload_url: 'https://upload.example/file',
  endPoint: 'https://upload.example',
  instance_url: 'https://instance.example',
  num_received: 1,
  email: 'ada@example.com',
  totalSize: 0,
};

const LISTS = [
  'data',
  'results',
  'result',
  'elements',
  'records',
  'items',
  'errors',
  'rows',
  'contacts',
  'users',
];

const BODIES: Readonly<Record<'empty' | 'lists' | 'objects', unknown>> = {
  empty: {},
  lists: { ...ENTRY, ...Object.fromEntries(LISTS.map((name) => [name, name === 'errors' ? [] : [ENTRY]])) },
  objects: {
    ...ENTRY,
    ...Object.fromEntries(LISTS.filter((n) => n !== 'errors').map((name) => [name, ENTRY])),
  },
};

const JSON_HEADERS = { 'content-type': 'application/json; charset=utf-8' };

/** The answer of a destination in a mood; the same to both sides. */
export function answerOf(mood: Mood): Answer {
  switch (mood) {
    case 'refuses':
      return { status: 400, headers: JSON_HEADERS, text: '{"error":{"message":"no"},"message":"no"}' };
    case 'busy':
      return { status: 429, headers: { ...JSON_HEADERS, 'retry-after': '7' }, text: '{"message":"busy"}' };
    case 'broken':
      return { status: 503, headers: { 'content-type': 'text/plain' }, text: 'down' };
    default:
      return { status: 200, headers: JSON_HEADERS, text: JSON.stringify(BODIES[mood]) };
  }
}

/** Headers in which the two sides differ on purpose or by how they write the same thing. */
const APART = new Set(['user-agent', 'accept', 'accept-encoding', 'content-length', 'connection', 'host']);

/** A request in the form in which both sides are compared. */
export function sentOf(
  method: string,
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string | Uint8Array | undefined,
): Sent {
  const kept = Object.entries(headers)
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    // Requests that upstream sends without being triggered.
    .filter(([name, value]) => !APART.has(name) || (name === 'accept' && value !== '*/*'));
  const text = body === undefined || typeof body === 'string' ? body : Buffer.from(body).toString('latin1');
  return {
    method,
    url,
    headers: Object.fromEntries(kept.sort(([a], [b]) => a.localeCompare(b))),
    body: parse(text),
  };
}

function parse(text: string | undefined): unknown {
  if (text === undefined || text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
