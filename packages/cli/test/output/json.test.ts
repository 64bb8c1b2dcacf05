import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { type Server, startServer } from '@waybill/server';
import { Command } from 'commander';
import { commandsFor } from '../../src/commands.ts';
import { widthOf } from '../../src/output/width.ts';
import { type Ran, run } from './run.ts';

/*
 * Runs every command of the program: with `--json` it prints JSON and nothing else, on a terminal of 80 columns no wider line, and
 * elsewhere no colour. A command that is not in the table fails.
 */

const root = resolve(import.meta.dirname, '../../../..');
const ESC = '\u001b';

/** The arguments of a command; `nth` is a unique number per run. */
type Args = (nth: number) => readonly string[];

/** How a command is run. */
interface Row {
  readonly args?: Args;
  readonly code?: number;
  /** Whether it prints one value per line. */
  readonly isLines?: true;
  /** Whether its output without `--json` is a file for another program, without wrapping. */
  readonly isFile?: true;
  /** Whether it runs until stopped: its first lines are read. */
  readonly goesOn?: true;
  /** Why it is not run here. */
  readonly instead?: string;
}

let folder: string;
let server: Server;
const file = (name: string): string => join(folder, name);
const at = (): string[] => ['--url', server.url, '--data', file('data')];
const remote =
  (...args: readonly string[]): Args =>
  () => [...args, ...at()];

const ROWS: Readonly<Record<string, Row>> = {
  start: { args: (nth) => ['--port', '0', '--data', file(`data-${nth}`)], goesOn: true },
  demo: { instead: 'test/shops/demo.test.ts' },
  generate: { args: () => ['--check'] },
  'generate schemas': { args: () => ['--check'] },
  'generate docs': { args: () => ['--check'] },
  'generate types': { args: () => ['dummy'], isFile: true },
  'generate action': { args: (nth) => [`Add Tag ${nth}`, '--folder', file('package')] },
  'generate page': { args: () => ['dummy'], isFile: true },
  validate: { args: () => ['webhook', file('plan.json')], code: 1 },
  diff: { args: () => [join(root, 'schemas/dummy'), join(root, 'schemas/dummy'), '--all'] },
  init: { args: (nth) => [file(`init-${nth}`), '--name', 'Book Shop', '--template', 'minimal'] },
  test: { args: () => [file('event.json'), '-d', 'dummy', '--explain'] },
  serve: { args: () => ['dummy', '--port', '0'], goesOn: true },
  'destinations list': { args: remote() },
  'destinations test': { args: remote('sink') },
  connect: { args: remote('sink', '--port', '0', '--no-browser'), code: 1 },
  'sources check': { args: remote('store') },
  'audience show': { args: remote('vip') },
  'audience dry-run': { args: remote('vip') },
  'audience run': { args: remote('vip') },
  'audience confirm': { args: remote('vip', '77'), code: 1 },
  'audience ids': { args: remote('sink'), code: 1 },
  'audience set': { args: remote('sink', 'vip', '42'), code: 1 },
  'audience forget': { args: remote('sink', 'vip'), code: 1 },
  'tracking-plan import': { args: () => [file('export.json')], isFile: true },
  'tracking-plan infer': { args: remote('shop'), isFile: true },
  'tracking-plan violations': { args: remote('shop') },
  backfill: { args: remote('store', '--wait') },
  reconcile: { args: remote('store', '--from', '2026-01-01', '--to', '2026-01-01') },
  'events tail': { args: remote('--outcomes'), isLines: true },
  'events show': { args: remote('bad-1') },
  'deadletters list': { args: remote() },
  'deadletters show': { args: remote('1') },
  'deadletters delete': { args: remote('--message', 'bad-1', '--dry-run') },
  'deletions request': { args: remote('--user-id', 'gone', '--email', 'gone@example.com', '--yes') },
  'deletions list': { args: remote() },
  'deletions lift': { args: remote('--user-id', 'nobody'), code: 1 },
  replay: { args: remote('--all', '--dry-run') },
  resume: { args: remote() },
  backup: { args: (nth) => [file(`backup-${nth}`), '--data', file('data')] },
  restore: { args: () => [file('backup'), '--verify'] },
  'store copy': { args: () => ['--from', file('data'), '--to', file('other')], code: 1 },
  doctor: { args: () => ['--port', new URL(server.url).port, '--data', file('data')] },
  apply: { args: () => [file('workspace.json'), '--dry-run', ...at()] },
  export: { args: remote(), isFile: true },
  history: { args: remote() },
  completion: { args: () => ['bash'], isFile: true },
  reference: { instead: 'packages/cli/test/reference/reference.test.ts' },
};

/** The runnable commands, by name. */
function leavesOf(command: Command, path: readonly string[] = []): ReadonlyMap<string, Command> {
  const inner = command.commands.flatMap((one) => [...leavesOf(one, [...path, one.name()])]);
  // `generate` is runnable, and has runnable parts.
  const own = command.commands.length === 0 || path.join() === 'generate';
  return new Map([...(own ? ([[path.join(' '), command]] as const) : []), ...inner]);
}

const program = new Command('waybill');
for (const register of await commandsFor([])) register(program, () => undefined);
const leaves = leavesOf(program);
const rows = Object.entries(ROWS);
const inProcess = rows.filter(([, { instead, goesOn }]) => instead === undefined && goesOn === undefined);
const goingOn = rows.filter(([, { goesOn }]) => goesOn === true);

let runs = 0;
const lineOf = (name: string): string[] => [...name.split(' '), ...(ROWS[name]?.args?.(++runs) ?? [])];

/** Runs a command as on a terminal of 80 columns. */
async function onTerminal(...args: readonly string[]): Promise<Ran> {
  const { stdout } = process;
  const before = (['isTTY', 'columns'] as const).map((name) => [name, stdout[name]] as const);
  Object.assign(stdout, { isTTY: true, columns: 80 });
  try {
    return await run(...args);
  } finally {
    Object.assign(stdout, Object.fromEntries(before));
  }
}

/** Reads lines of a running command up to a match, then stops it. */
function firstLines(args: readonly string[], last: RegExp): Promise<readonly string[]> {
  const bin = join(root, 'packages/cli/bin/waybill.js');
  const child = spawn(process.execPath, [bin, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  return new Promise((found, failed) => {
    child.once('error', failed);
    child.stdout.on('data', (part: Buffer) => {
      said += part.toString();
      if (last.test(said)) child.kill('SIGTERM');
    });
    child.once('close', () => found(said.trim().split('\n')));
  });
}

beforeAll(async () => {
  vi.stubEnv('FORCE_COLOR', undefined);
  vi.stubEnv('NO_COLOR', undefined);
  folder = mkdtempSync(join(tmpdir(), 'waybill-json-'));
  const { stringify } = JSON;
  writeFileSync(file('people.csv'), 'id,email\n1,ada@example.com\n');
  writeFileSync(file('event.json'), stringify({ type: 'track', event: 'Done', userId: 'u' }));
  const rule = { key: 'Done', type: 'TRACK', version: 1, jsonSchema: { type: 'object' } };
  writeFileSync(file('export.json'), stringify({ data: { rules: [rule] } }));
  writeFileSync(file('plan.json'), stringify({ rules: [] }));
  const vip = { file: file('people.csv'), key: 'id', audience: 'vip', everyMinutes: 0 };
  const workspace = {
    sources: [
      { id: 'shop', writeKey: 'key', plan: { rules: [] } },
      { id: 'store', type: 'dummy-shop', settings: { orders: 5 } },
      { id: 'vip', type: 'audience', settings: vip },
    ],
    destinations: [{ id: 'sink', type: 'dummy', settings: {} }],
  };
  writeFileSync(file('workspace.json'), stringify(workspace));
  const config = { dataDir: file('data'), port: 0, logLevel: 'silent', audienceFiles: [folder] } as const;
  server = await startServer(config, stringify(workspace));
  const batch = ['good', 'bad-1', 'bad-2'].map((messageId) => ({
    ...{
      type: 'track',
      messageId,
      userId: 'ada',
      event: `Done, with a name as long as names of events are: ${messageId}`,
    },
    properties: { dummy_mode: messageId === 'good' ? 'ok' : 'reject', text: 'word '.repeat(40) },
  }));
  const headers = { authorization: `Basic ${btoa('key:')}`, 'content-type': 'application/json' };
  const sent = await fetch(`${server.url}/v1/batch`, { method: 'POST', headers, body: stringify({ batch }) });
  expect(sent.status).toBe(200);
  await server.idle();
  expect(await run('init', file('package'), '--name', 'Book Shop', '--template', 'minimal')).toMatchObject({
    code: 0,
  });
  expect(await run('backup', file('backup'), '--data', file('data'))).toMatchObject({ code: 0 });
}, 60_000);
afterAll(async () => {
  vi.unstubAllEnvs();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

it('covers every command: each has `--json` or another test', () => {
  expect(rows.map(([name]) => name).toSorted()).toEqual([...leaves.keys()].toSorted());
  const without = [...leaves].filter(([, { options }]) => !options.some(({ long }) => long === '--json'));
  expect(without.map(([name]) => name)).toEqual(['reference']);
  for (const [name, { instead }] of rows) {
    if (instead !== undefined) expect(readFileSync(join(root, instead), 'utf8')).toContain(`'${name}'`);
  }
});

describe.each(inProcess)('waybill %s', (name, { code = 0, isLines, isFile }) => {
  it('prints only JSON', async () => {
    const ran = await run(...lineOf(name), '--json');
    const values = isLines === true ? ran.out.trim().split('\n') : [ran.out];
    for (const value of values) expect(() => JSON.parse(value) as unknown, ran.out + ran.err).not.toThrow();
    expect(ran.code).toBe(code);
  });

  it('prints text without colours, no wider than a terminal', async () => {
    const plain = await run(...lineOf(name));
    expect([plain.code, plain.out.includes(ESC)]).toEqual([code, false]);
    const shown = await onTerminal(...lineOf(name));
    const lines = stripVTControlCharacters(shown.out).split('\n');
    const canBreak = (line: string): boolean => /\S \S/.test(line.trim().slice(0, 80));
    if (isFile !== true) expect(lines.filter((line) => widthOf(line) > 80 && canBreak(line))).toEqual([]);
  });
});

it.each(goingOn)('waybill %s prints a line of JSON per event', async (name) => {
  for (const line of await firstLines([...lineOf(name), '--json'], /"url":/)) JSON.parse(line);
});

it.each([...leaves].filter(([, { options }]) => options.some(({ long }) => long === '--url')))(
  'waybill %s fails with JSON without a server',
  async (name, { registeredArguments, options }) => {
    const flags = options.flatMap(({ mandatory, long }) => {
      // Commands that need one of several identifiers, or confirmation, check that before calling a server.
      if (mandatory || long === '--user-id') return [long!, '1'];
      return long === '--yes' ? [long] : [];
    });
    const given = { apply: file('workspace.json'), history: 'workspace' }[name] ?? '1';
    const args = registeredArguments.map(() => given);
    const where = ['--url', 'http://127.0.0.1:1', '--data', file('data'), '--json'];
    const ran = await run(...name.split(' '), ...args, ...flags, ...where);
    expect(ran.json()).toMatchObject({ success: false, error: { message: expect.any(String) } });
    expect([ran.code, ran.err]).toEqual([3, '']);
  },
);

it('prints help within 80 columns', async () => {
  const groups = program.commands.filter(({ commands }) => commands.length > 0).map((one) => one.name());
  for (const name of [...groups, ...leaves.keys(), '']) {
    const { out } = await onTerminal(...name.split(' ').filter(Boolean), '--help');
    expect(out).toContain(`waybill ${name}`);
    expect(out.split('\n').filter((line) => widthOf(line) > 80)).toEqual([]);
  }
});
