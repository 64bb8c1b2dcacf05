import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run as waybill } from '../../packages/cli/test/output/run.ts';
import { commandBlocks } from '../docs/blocks.ts';
import type { Answer } from './harness.ts';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'waybill-audiences-'));
const files = join(folder, 'files');
const file = join(files, 'members.csv');
let child: ChildProcess | undefined;
let url = '';

function write(ids: readonly number[], plan = 'free'): void {
  const rows = ids.map((n) => `u${n},u${n}@example.com,${plan}\n`).join('');
  writeFileSync(`${file}.new`, `id,email,plan\n${rows}`);
  renameSync(`${file}.new`, file);
}

async function start(): Promise<void> {
  const workspace = {
    sources: [
      { id: 'vip', type: 'audience', settings: { file, key: 'id', audience: 'vip', everyMinutes: 0 } },
    ],
    destinations: [{ id: 'out', type: 'dummy', settings: {} }],
  };
  child = fork(
    join(import.meta.dirname, 'serve.ts'),
    [join(folder, 'data'), 'http://127.0.0.1:1', JSON.stringify(workspace)],
    {
      execArgv: ['--conditions=source', '--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: { ...process.env, WAYBILL_AUDIENCE_FILES: files },
    },
  );
  const [ready] = (await once(child, 'message')) as [{ url: string }];
  url = ready.url;
}

async function kill(): Promise<void> {
  const ended = once(child!, 'exit');
  child!.kill('SIGKILL');
  await ended;
}

async function api(path: string, body?: object): Promise<Answer> {
  const answer = await fetch(`${url}/api/${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: 'Bearer token', 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return answer.json();
}

/** Looks at the source until it stands as is wanted. */
async function until(stands: (standing: Answer) => boolean): Promise<Answer> {
  for (;;) {
    const standing = await api('sources/vip/audience');
    if (standing.failure !== undefined) throw new Error(JSON.stringify(standing.failure));
    if (stands(standing)) return standing;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function events(): Promise<readonly Answer[]> {
  const all: Answer[] = [];
  for (;;) {
    const page = (await api(`events?limit=1000&after=${all.at(-1)?.seq ?? 0}`)).events as Answer[];
    if (page.length === 0) return all.map(({ event }) => event);
    all.push(...page);
  }
}

beforeAll(async () => {
  mkdirSync(files);
  write(Array.from({ length: 3_000 }, (_, n) => n));
  await start();
}, 60_000);
afterAll(async () => {
  await kill();
  rmSync(folder, { recursive: true, force: true });
});

it('tells of every row once, though the server is killed again and again in the middle', async () => {
  await api('sources/vip/audience/run', {});
  for (const least of [500, 1_500]) {
    await until(({ sending, last }) => (sending?.sent ?? 0) >= least || last !== undefined);
    await kill();
    await start();
  }
  const { last } = await until((standing) => standing.last !== undefined);
  expect(last).toMatchObject({ run: 1, rows: 3_000, counts: { added: 3_000, changed: 0, removed: 0 } });
  const all = await events();
  expect(all.length).toBe(3_000);
  expect(new Set(all.map(({ userId }) => userId)).size).toBe(3_000);
  expect(all.every(({ event }) => event === 'Audience Entered')).toBe(true);
}, 60_000);

it('is shown, run, held and confirmed by commands', async () => {
  const at = ['--url', url, '--token', 'token'];
  const command = async (...args: string[]) => waybill('audience', ...args, ...at);
  // The commands of the page, in its order.
  const [dryRun = [], runNow = [], show = [], confirm = []] = commandBlocks(root, 'docs/sources/audience.md')
    .find(({ marker }) => marker?.kind === 'by')!
    .commands.map((line) => line.replace('waybill audience ', '').replace('big-spenders', 'vip').split(' '));
  write(Array.from({ length: 2_000 }, (_, n) => n));
  const dry = await command(...dryRun);
  expect(dry.out).toContain('3000 rows before, 2000 now: 0 added, 0 changed, 1000 removed');
  expect(dry.out).toContain('It would remove more than it may');
  expect((await events()).length).toBe(3_000);
  expect((await command(...runNow)).code).toBe(0);
  const { held } = await until((standing) => standing.held !== undefined);
  expect(held.samples[0]).toMatchObject({ kind: 'removed', row: { plan: 'free' } });
  expect((await command(...show)).out).toMatch(/run 2 is held: .*1000 removed/);
  const wrong = await command('confirm', 'vip', '1');
  expect([wrong.code, wrong.err]).toEqual([1, expect.stringContaining('not held any more')]);
  expect(held.run).toBe(2);
  expect((await command(...confirm)).code).toBe(0);
  await until(({ last }) => last.run === 2);
  const gone = (await events()).slice(3_000);
  expect(gone.length).toBe(1_000);
  expect(gone.every(({ event, properties }) => event === 'Audience Exited' && properties.vip === false)).toBe(
    true,
  );
}, 60_000);
