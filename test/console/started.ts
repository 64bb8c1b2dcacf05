import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { endRun, type Run, watchRun } from '../attack/cli.ts';
import type { Answer } from '../e2e/harness.ts';
import { until } from '../faults/support.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/** Waybill as `npm start` runs it, on free ports and with a new, empty data folder. */
export interface Started {
  readonly url: string;
  /** The printed address of its console. */
  readonly console: string;
  /** The address of its local Iterable. */
  readonly sandbox: string;
  readonly token: string;
  /** A folder whose files audience sources may read. */
  readonly files: string;
  /** Calls the admin API; an edit ignores the version. */
  api(path: string, method?: string, body?: unknown): Promise<Answer>;
  /** Changes the local Iterable. */
  change(what: string, body: unknown): Promise<void>;
  stop(): Promise<void>;
}

/** Runs `npm start`, without its build, and without the sources and destinations of the demo. */
export async function npmStart(): Promise<Started> {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-tasks-'));
  const [data, workspace] = [join(folder, 'data'), join(folder, 'workspace.json')];
  writeFileSync(workspace, '{"sources":[],"destinations":[]}');
  const own = Object.entries(process.env).filter(([name]) => !/^(WAYBILL_|npm_)/i.test(name));
  const path = `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`;
  const flags = ['--port', '0', '--data', data, '--workspace', workspace];
  const child = spawn('npm', ['start', '--ignore-scripts', '--', ...flags], {
    cwd: ROOT,
    env: {
      ...Object.fromEntries(own),
      PATH: path,
      WAYBILL_SANDBOX_PORT: '0',
      WAYBILL_AUDIENCE_FILES: folder,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const run: Run = watchRun(child);
  const stop = async (): Promise<void> => {
    await endRun(run, 'SIGTERM');
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  };
  try {
    const url = await run.url;
    await until(() => /Iterable +http/.test(run.said()));
    const token = readFileSync(join(data, 'admin-token'), 'utf8').trim();
    const sandbox = /Iterable +(http\S+)/.exec(run.said())![1]!;
    const console = /console +(http\S+)/.exec(run.said())![1]!;
    return {
      url,
      console,
      sandbox,
      token,
      files: folder,
      api: (path, method = 'GET', body) =>
        call(`${url}/api/${path}`, method, body, { authorization: `Bearer ${token}`, 'if-match': '*' }),
      change: async (what, body) => void (await call(`${sandbox}/_sandbox/${what}`, 'POST', body)),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function call(
  url: string,
  method: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const type = body === undefined ? {} : { 'content-type': 'application/json' };
  const answer = await fetch(url, { method, headers: { ...type, ...headers }, ...sent });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${text}`);
  return text === '' ? undefined : (JSON.parse(text) as unknown);
}
