import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { CommandFailure, EXIT } from '../output/exit.ts';

/** The flags of every command that talks to a running server. */
export interface RemoteFlags {
  readonly url: string;
  readonly token?: string;
  readonly data: string;
  readonly json?: boolean;
}

/** Adds the flags of commands that talk to a running server. */
export function remoteOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--url <address>', 'address of the server; WAYBILL_HOST and WAYBILL_PORT change its default')
        .env('WAYBILL_URL')
        .default(serverUrl(process.env), 'http://127.0.0.1:4400, or what WAYBILL_HOST and WAYBILL_PORT say'),
    )
    .addOption(new Option('--token <token>', 'admin token').env('WAYBILL_ADMIN_TOKEN'))
    .addOption(
      new Option('--data <folder>', "the server's data folder, to read the admin token from")
        .env('WAYBILL_DATA')
        .default('.waybill'),
    )
    .option('--json', 'print JSON');
}

/** Where a server of this environment listens. One that listens on every address is reached on this machine. */
export function serverUrl(env: NodeJS.ProcessEnv): string {
  const host = env['WAYBILL_HOST'] || '127.0.0.1';
  const near = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${near.includes(':') ? `[${near}]` : near}:${env['WAYBILL_PORT'] || '4400'}`;
}

/** The admin API of a running server. */
export interface Remote {
  get<T>(path: string, query?: Readonly<Record<string, string | number | undefined>>): Promise<T>;
  /** Something with its version, for a change that is based on it. */
  version<T>(path: string): Promise<Versioned<T>>;
  /** Puts something in place of a version; fails when it was changed since. */
  put<T>(path: string, body: unknown, based: Pick<Versioned<T>, 'etag'>, note?: string): Promise<T>;
  post<T>(path: string, body?: unknown): Promise<T>;
  delete<T>(path: string, body?: unknown): Promise<T>;
}

/** Something at one of its versions. */
export interface Versioned<T> {
  readonly value: T;
  readonly etag: string;
}

interface FailedAnswer {
  readonly error?: {
    readonly code?: string;
    readonly message?: string;
    readonly remedy?: string;
    readonly issues?: readonly { readonly path: string; readonly message: string }[];
  };
}

const TIMEOUT = 30_000;

/** Opens the admin API that the flags name. Failures are CommandFailures that say what to do. */
export function connect(flags: RemoteFlags): Remote {
  if (!URL.canParse(flags.url))
    throw new CommandFailure(`--url is "${flags.url}"; it must be an address.`, EXIT.usage);
  const token = flags.token ?? tokenIn(flags.data);
  const exchange = async <T>(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Versioned<T>> => {
    let response: Response;
    let text: string;
    try {
      response = await fetch(new URL(path, flags.url), {
        method,
        headers: {
          ...headers,
          authorization: `Bearer ${token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        signal: AbortSignal.timeout(TIMEOUT),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      text = await response.text();
    } catch {
      throw new CommandFailure(
        `No Waybill answers at ${flags.url}. Start one with "waybill start", or name another with --url.`,
        EXIT.unreachable,
      );
    }
    const etag = response.headers.get('etag') ?? '*';
    if (response.ok) return { value: (text === '' ? undefined : read(text, flags.url)) as T, etag };
    throw failure(response.status, read(text, flags.url) as FailedAnswer);
  };
  const call = async <T>(method: string, path: string, body?: unknown): Promise<T> =>
    (await exchange<T>(method, path, body)).value;
  return {
    version: (path) => exchange('GET', path),
    get: (path, query = {}) => {
      const given = Object.entries(query).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, String(value)] as const],
      );
      return call(
        'GET',
        given.length === 0 ? path : `${path}?${new URLSearchParams(Object.fromEntries(given))}`,
      );
    },
    put: async <T>(path: string, body: unknown, based: { readonly etag: string }, note?: string) => {
      const noted = note === undefined ? path : `${path}?${new URLSearchParams({ note })}`;
      return (await exchange<T>('PUT', noted, body, { 'if-match': based.etag })).value;
    },
    post: (path, body) => call('POST', path, body ?? {}),
    delete: (path, body) => call('DELETE', path, body ?? {}),
  };
}

function tokenIn(data: string): string {
  const file = join(resolve(data), 'admin-token');
  if (!existsSync(file)) {
    throw new CommandFailure(
      `There is no admin token: pass --token, set WAYBILL_ADMIN_TOKEN, or name the server's data folder with --data (looked for ${file}).`,
      EXIT.usage,
    );
  }
  return readFileSync(file, 'utf8').trim();
}

function read(text: string, url: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new CommandFailure(`What answers at ${url} is no Waybill server.`, EXIT.unreachable);
  }
}

function failure(status: number, answer: FailedAnswer): CommandFailure {
  const { code = 'server_error', message = `Status ${status}.`, remedy, issues } = answer.error ?? {};
  if (status === 401) {
    return new CommandFailure(
      `${message} (${code})\nIs the token of another server in use?`,
      EXIT.unreachable,
      {
        code,
      },
    );
  }
  const lines = [`${message} (${code})`, ...(remedy === undefined || remedy === '' ? [] : [remedy])];
  return new CommandFailure(lines.join('\n'), EXIT.problems, {
    code,
    ...(remedy === undefined ? {} : { remedy }),
    ...(issues === undefined ? {} : { issues }),
  });
}
