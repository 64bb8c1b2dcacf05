import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Client, createClient } from '@waybill/api';
import { type Command, Option } from 'commander';
import { CommandFailure, EXIT } from '../output/exit.ts';
import { showWaiting } from '../output/progress.ts';

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

/** Returns the URL of the server of this environment. One that listens on all addresses is reached on loopback. */
export function serverUrl(env: NodeJS.ProcessEnv): string {
  const host = env['WAYBILL_HOST'] || '127.0.0.1';
  const near = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${near.includes(':') ? `[${near}]` : near}:${env['WAYBILL_PORT'] || '4400'}`;
}

/** Opens the admin API that the flags name. */
export function connect(flags: RemoteFlags): Client {
  if (!URL.canParse(flags.url))
    throw new CommandFailure(`--url is "${flags.url}"; it must be a URL.`, EXIT.usage);
  return createClient(flags.url, flags.token ?? tokenIn(flags.data), { fetch: patiently() });
}

/** Wraps requests to show their elapsed time on a terminal; only one of concurrent ones does. */
function patiently(): typeof fetch {
  let open = 0;
  let end = (): void => undefined;
  return async (...given) => {
    if (open++ === 0) end = showWaiting('Waiting for the server');
    try {
      return await fetch(...given);
    } finally {
      if (--open === 0) end();
    }
  };
}

function tokenIn(data: string): string {
  const file = join(resolve(data), 'admin-token');
  if (!existsSync(file)) {
    throw new CommandFailure(
      `There is no admin token: pass --token, set WAYBILL_ADMIN_TOKEN, or name the server's data folder with --data (no file ${file}).`,
      EXIT.usage,
    );
  }
  return readFileSync(file, 'utf8').trim();
}
