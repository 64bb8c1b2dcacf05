import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandFailure } from './output/exit.ts';
import { portOrFree } from './ports.ts';
import type { ProjectType, Settings } from './settings.ts';

/** The Iterable that a demo delivers to. */
export interface DemoSandbox {
  readonly url: string;
  /** Whether it was running before. */
  readonly found: boolean;
  stop(): Promise<void>;
}

/**
 * Returns the sandbox of a demo: the one in WAYBILL_SANDBOX_URL, one left by a killed server of the same folder, or a new one in a
 * separate process. It represents an external service, so it outlives a killed server; when idle it ends. Sandboxes of other folders
 * are not touched.
 */
export async function demoSandbox(settings: Settings, dataDir: string): Promise<DemoSandbox> {
  if (settings.sandboxUrl !== undefined) {
    if ((await health(settings.sandboxUrl)) === undefined) {
      throw new CommandFailure(
        `No Iterable sandbox answers at ${settings.sandboxUrl} (WAYBILL_SANDBOX_URL).`,
      );
    }
    return { url: settings.sandboxUrl, found: true, stop: async () => undefined };
  }
  const note = join(dataDir, 'sandbox.json');
  const left = leftOver(note);
  const running = left === undefined ? undefined : await health(left.url);
  if (left === undefined || running === undefined) return startProcess(settings, note);
  if (running.projectType !== settings.projectType) await reset(left.url, settings.projectType);
  // It has no parent; it ends when its entry is removed.
  return { url: left.url, found: true, stop: async () => rmSync(note, { force: true }) };
}

interface Note {
  readonly pid: number;
  readonly url: string;
}

/** The sandbox recorded in a folder, if its process is alive. */
function leftOver(file: string): Note | undefined {
  try {
    const note = JSON.parse(readFileSync(file, 'utf8')) as Note;
    process.kill(note.pid, 0);
    return note;
  } catch {
    return undefined;
  }
}

interface Health {
  readonly projectType?: string;
}

async function health(url: string): Promise<Health | undefined> {
  try {
    const answer = await fetch(`${url}/_sandbox/health`, { signal: AbortSignal.timeout(2000) });
    return answer.ok ? ((await answer.json()) as Health) : undefined;
  } catch {
    return undefined;
  }
}

async function reset(url: string, projectType: ProjectType): Promise<void> {
  const body = JSON.stringify({ projectType });
  await fetch(`${url}/_sandbox/reset`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
}

async function startProcess(settings: Settings, note: string): Promise<DemoSandbox> {
  const port = settings.sandboxPortGiven
    ? settings.sandboxPort
    : await portOrFree(settings.sandboxPort, '127.0.0.1');
  const child = fork(
    new URL('./sandbox-process.js', import.meta.url),
    [String(port), settings.projectType, note],
    { detached: true, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] },
  );
  return new Promise((resolve, reject) => {
    const fail = (reason: string): void => {
      reject(new CommandFailure(`The Iterable sandbox did not start: ${reason}`));
    };
    child.once('error', (error) => fail(error.message));
    child.once('exit', (code) => fail(`it exited with code ${code}.`));
    child.once('message', (message: { url?: string; error?: string }) => {
      child.removeAllListeners('exit');
      if (message.url === undefined) {
        fail(message.error ?? 'no reason given');
        return;
      }
      writeFileSync(note, JSON.stringify({ pid: child.pid!, url: message.url } satisfies Note), {
        mode: 0o600,
      });
      child.unref();
      child.channel?.unref();
      resolve({ url: message.url, found: false, stop: () => end(child, note) });
    });
  });
}

function end(child: ChildProcess, note: string): Promise<void> {
  rmSync(note, { force: true });
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) {
      resolve();
      return;
    }
    child.ref();
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}
