import { ApiError, type AnswerOf, type Client } from '@waybill/api';
import type { Command } from 'commander';
import { CommandFailure, conclude, EXIT, type Exit } from '../output/exit.ts';
import { print, printErrorWhole, printJson } from '../output/print.ts';
import { visibleLine } from '../output/visible.ts';
import { connect, type RemoteFlags, remoteOptions } from '../remote/client.ts';
import { openBrowser } from './browser.ts';
import { type Callback, openCallback } from './callback.ts';

interface Flags extends RemoteFlags {
  readonly port: string;
  readonly browser: boolean;
}

type Connected = AnswerOf<'POST /api/oauth'>;

/** `waybill connect`: connects the account of a destination with OAuth. */
export function registerConnect(program: Command, exit: Exit): void {
  remoteOptions(
    program
      .command('connect')
      .description('connect the account of a destination by OAuth, in a browser on this machine')
      .argument('<destination>', 'id of the destination')
      .option(
        '--port <number>',
        'port of this machine that the browser returns to: http://127.0.0.1:<port>/callback must be registered with the application',
        '4404',
      )
      .option('--no-browser', 'only print the address to open'),
  ).action((destination: string, flags: Flags) =>
    conclude(exit, flags.json, async () => {
      const remote = connect(flags);
      const callback = await openCallback(portOf(flags.port));
      try {
        const connected = await connectBy(callback, remote, destination, flags);
        if (flags.json === true) printJson(connected);
        else print(resultText(connected));
        await callback.end(`${destination} is connected. You can close this page.`);
        return EXIT.ok;
      } catch (error) {
        await callback.end(error instanceof ApiError ? `${error.message} ${error.remedy}` : String(error));
        throw error;
      }
    }),
  );
}

async function connectBy(
  callback: Callback,
  remote: Client,
  destination: string,
  { browser, json }: Flags,
): Promise<Connected> {
  const { url, state, expiresAt } = await remote.post('/api/destinations/:id/account', {
    params: { id: destination },
    body: { redirectUri: callback.address },
  });
  if (!/^https?:/.test(url)) throw new CommandFailure(`${visibleLine(url)} is not a web address.`);
  const isOpen = browser && (await openBrowser(url));
  const asked = isOpen
    ? 'Allow access in your browser. If no browser has opened, open'
    : 'Open this page in a browser on this machine:';
  // The URL is for people: only machine-readable output goes to standard output.
  if (json === true) printErrorWhole(visibleLine(url));
  else print(`${asked}\n${visibleLine(url)}`);
  const returned = await inTime(callback.returned(state), expiresAt);
  return remote.post('/api/oauth', { body: { state, ...returned } });
}

async function inTime<T>(work: Promise<T>, until: number): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const late = new CommandFailure('Access was not allowed in time (oauth_state_expired).');
  const timer = setTimeout(reject, until - Date.now(), late);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}

function resultText({ destination, account: { renews, expiresAt } }: Connected): string {
  const until =
    expiresAt === undefined ? '' : ` The access token ends at ${new Date(expiresAt).toISOString()}`;
  const then = renews ? 'it is renewed automatically.' : 'then connect the account again.';
  return visibleLine(`${destination} is connected.${until === '' ? '' : `${until}; ${then}`}`);
}

function portOf(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535)
    throw new CommandFailure(`--port is "${text}"; it must be a number from 0 to 65535.`, EXIT.usage);
  return port;
}
