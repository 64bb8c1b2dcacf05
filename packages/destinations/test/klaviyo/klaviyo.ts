import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Account } from './account.ts';
import { type Body, errorBody, type Given, HANDLERS, type Jobs } from './handlers.ts';
import { official, operationOf, wrongIn } from './official.ts';

/** A failure of calls: the first matching rule applies, a given number of times. */
export interface KlaviyoFault {
  /** The beginning of a path; all calls when absent. */
  readonly path?: string;
  /** 0 closes the connection. */
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly times?: number;
}

/** The options of the account. */
export interface KlaviyoSwitches {
  readonly faults?: readonly KlaviyoFault[];
  /** The number of checks before an import job has ended. */
  readonly jobLooks?: number;
  /** Whether the published limits apply. */
  readonly limits?: boolean;
}

/** A small Klaviyo. Requests and answers are validated against Klaviyo's own description; violations are in `strange`. */
export interface Klaviyo {
  readonly url: string;
  readonly key: string;
  readonly account: Account;
  /** The calls that were made: `POST /api/events`. */
  readonly calls: readonly string[];
  readonly strange: string[];
  set(switches: KlaviyoSwitches): void;
  close(): Promise<void>;
}

/** Opens one on a free port. */
export async function openKlaviyo(): Promise<Klaviyo> {
  const account = new Account();
  const jobs: Jobs = new Map();
  const [calls, strange]: [string[], string[]] = [[], []];
  const used = new Map<string, number>();
  const left = new Map<KlaviyoFault, number>();
  let switches: KlaviyoSwitches = {};
  const key = 'pk_of_a_test';

  const answer = (request: IncomingMessage, text: string, response: ServerResponse): void => {
    const url = new URL(request.url!, 'http://klaviyo');
    const call = `${request.method} ${url.pathname}`;
    calls.push(call);
    const fault = (switches.faults ?? []).find(
      (one) => url.pathname.startsWith(one.path ?? '') && (left.get(one) ?? one.times ?? Infinity) > 0,
    );
    if (fault !== undefined) {
      left.set(fault, (left.get(fault) ?? fault.times ?? Infinity) - 1);
      if (fault.status === 0) return void response.destroy();
      return void send(
        response,
        fault.status,
        fault.body ?? errorBody(fault.status, 'error', 'A fault.'),
        fault.headers,
      );
    }
    const found = operationOf(request.method!, url.pathname);
    if (found === undefined)
      return void send(response, 404, errorBody(404, 'not_found', `There is no ${call}.`));
    const { operation, id } = found;
    if (request.headers.authorization !== `Klaviyo-API-Key ${key}`)
      return void send(
        response,
        401,
        errorBody(401, 'not_authenticated', 'The API key specified is invalid.'),
      );
    if (request.headers.revision !== official.revision)
      strange.push(`${call}: revision ${String(request.headers.revision)}`);
    const body = (text === '' ? undefined : JSON.parse(text)) as Body;
    if (switches.limits === true && isOver(used, operation.id, operation.limits))
      return void send(response, 429, errorBody(429, 'throttled', 'Request was throttled.'), {
        'retry-after': '1',
      });
    strange.push(
      ...[...url.searchParams.keys()]
        .filter((one) => !operation.query.includes(one))
        .map((one) => `${call}: ?${one}`),
    );
    const wrong = operation.request === undefined ? [] : wrongIn(body, operation.request, true);
    strange.push(...wrong.map((one) => `${call}: ${one}`));
    const given: Given = {
      account,
      jobs,
      body,
      id,
      query: url.searchParams,
      looks: switches.jobLooks ?? 0,
      url: call,
    };
    const made =
      wrong.length > 0
        ? { status: 400, body: errorBody(400, 'invalid', wrong[0]!) }
        : HANDLERS[operation.id]!(given);
    const schema = made.status < 300 ? operation.answers[made.status] : official.error;
    if (schema === undefined) strange.push(`${call}: nobody says ${made.status}`);
    if (schema !== null && schema !== undefined)
      strange.push(...wrongIn(made.body, schema, false).map((one) => `answer of ${call}: ${one}`));
    send(response, made.status, made.body, { 'ratelimit-limit': operation.limits.steady });
  };
  const server = createServer((request, response) => {
    void read(request).then((text) => answer(request, text, response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    key,
    account,
    calls,
    strange,
    set(next) {
      switches = next;
      left.clear();
      used.clear();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Counts a call; returns whether it exceeds the limit per second or per minute. */
function isOver(used: Map<string, number>, id: string, limits: object): boolean {
  return Object.values(limits as Record<string, string>).some((one) => {
    const [amount, unit] = one.split('/') as [string, string];
    const window = Math.floor(Date.now() / ({ s: 1, m: 60, d: 86_400 }[unit]! * 1_000));
    const name = `${id} ${one} ${window}`;
    used.set(name, (used.get(name) ?? 0) + 1);
    return used.get(name)! > Number(amount);
  });
}

function send(response: ServerResponse, status: number, body: unknown, headers: object = {}): void {
  response.writeHead(status, { 'content-type': 'application/vnd.api+json', ...headers });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
