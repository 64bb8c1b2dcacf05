import { resolve } from 'node:path';
import { examine, type Finding, thisMachine } from '@waybill/server/doctor';
import { type Command, Option } from 'commander';
import { conclude, EXIT, type Exit } from '../output/exit.ts';
import { paint, print, printBeside, printJson } from '../output/print.ts';
import { showWaiting } from '../output/progress.ts';
import { connect, serverUrl } from '../remote/client.ts';
import { readPort } from '../settings.ts';
import { askServer } from './server.ts';

interface Flags {
  readonly host: string;
  readonly port: string;
  readonly data: string;
  readonly store?: string;
  readonly token?: string;
  readonly json?: boolean;
}

/** The timeout for identifying a listener, in milliseconds. */
const PATIENCE = 3_000;

/** `waybill doctor`: checks everything that a server needs, with remedies. */
export function registerDoctor(program: Command, exit: Exit): void {
  program
    .command('doctor')
    .description('check machine, data folder, key, stores, port, destinations and clock, with remedies')
    .addOption(new Option('--port <number>', 'port of the server').env('WAYBILL_PORT').default('4400'))
    .addOption(
      new Option('--host <address>', 'address it listens on').env('WAYBILL_HOST').default('127.0.0.1'),
    )
    .addOption(new Option('--data <folder>', 'its data folder').env('WAYBILL_DATA').default('.waybill'))
    .addOption(
      new Option('--store <address>', 'where events are stored: sqlite:<folder> or postgres://…').env(
        'WAYBILL_STORE',
      ),
    )
    .addOption(new Option('--token <token>', 'admin token').env('WAYBILL_ADMIN_TOKEN'))
    .option('--json', 'print JSON')
    .action((flags: Flags) => conclude(exit, flags.json, () => doctor(flags)));
}

async function doctor(flags: Flags): Promise<number> {
  const findings = await findAll(flags);
  if (flags.json === true) printJson(findings);
  else report(findings);
  return findings.some(({ status }) => status === 'problem') ? EXIT.problems : EXIT.ok;
}

async function findAll(flags: Flags): Promise<readonly Finding[]> {
  const { host, token, data, store } = flags;
  const port = readPort('--port (or WAYBILL_PORT)', flags.port);
  const checked = showWaiting('Checking');
  const { findings, isRunning } = await examine({
    dataDir: resolve(data),
    store,
    host,
    port,
    env: (name) => process.env[name],
    machine: thisMachine(),
    ask,
  }).finally(checked);
  if (!isRunning)
    return [
      ...findings,
      {
        check: 'destinations',
        status: 'skipped',
        message: 'The server is not running.',
        remedy: 'Start it and run this again: it tests each destination, and compares clocks.',
      },
    ];
  const url = serverUrl({ WAYBILL_HOST: host, WAYBILL_PORT: String(port) });
  const client = connect({ url, data, ...(token === undefined ? {} : { token }) });
  return [...findings, ...(await askServer(client, await ask(`${url}/readyz`)))];
}

async function ask(url: string): Promise<string | undefined> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(PATIENCE) });
    return await answer.text();
  } catch {
    return undefined;
  }
}

const COLOURS = { ok: 'green', warning: 'yellow', problem: 'red', skipped: 'gray' } as const;

function report(findings: readonly Finding[]): void {
  const wide = Math.max(...findings.map(({ check }) => check.length));
  for (const { check, status, message, remedy } of findings) {
    const label = `${status.padEnd(7)}  ${check.padEnd(wide)}  `;
    printBeside(label, message, (text) => text.replace(status, paint(status, COLOURS[status])));
    if (remedy !== undefined) printBeside(' '.repeat(label.length), remedy);
  }
  const count = (wanted: Finding['status']): number =>
    findings.filter(({ status }) => status === wanted).length;
  const sum = `${counted(count('problem'), 'problem')}, ${counted(count('warning'), 'warning')}.`;
  print(sum.replace(/^n/, 'N'));
}

function counted(count: number, noun: string): string {
  return `${count === 0 ? 'no' : count} ${noun}${count === 1 ? '' : 's'}`;
}
