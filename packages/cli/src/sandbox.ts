import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProjectType, Settings } from './settings.ts';

/** The Iterable that a demo delivers to. */
export interface DemoSandbox {
  readonly url: string;
  /** Whether it was running before. */
  readonly found: boolean;
  stop(): Promise<void>;
}

/**
 * The sandbox of a demo: the one that WAYBILL_SANDBOX_URL names, one that still runs on the port, or a new one in a
 * process of its own. It stands for somebody else's service, so it outlives a server that is killed; left alone it ends
 * by itself.
 */
export async function demoSandbox(settings: Settings, dataDir: string): Promise<DemoSandbox> {
  if (settings.sandboxUrl !== undefined) {
    if ((await health(settings.sandboxUrl)) === undefined) {
      throw new Error(`No Iterable sandbox answers at ${settings.sandboxUrl} (WAYBILL_SANDBOX_URL).`);
    }
    return { url: settings.sandboxUrl, found: true, stop: async () => undefined };
  }
  const pidFile = join(dataDir, 'sandbox.pid');
  const url = `http://127.0.0.1:${settings.sandboxPort}`;
  const running = settings.sandboxPort === 0 ? undefined : await health(url);
  if (running === undefined) return startProcess(settings, pidFile);
  if (running.projectType !== settings.projectType) await reset(url, settings.projectType);
  return { url, found: true, stop: async () => endLeftOver(pidFile) };
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

function startProcess(settings: Settings, pidFile: string): Promise<DemoSandbox> {
  const child = fork(
    new URL('./sandbox-process.js', import.meta.url),
    [String(settings.sandboxPort), settings.projectType],
    { detached: true, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] },
  );
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) =>
      reject(new Error(`The Iterable sandbox ended with code ${code} before it was ready.`)),
    );
    child.once('message', (message: { url?: string; error?: string }) => {
      child.removeAllListeners('exit');
      if (message.url === undefined) {
        reject(new Error(`The Iterable sandbox did not start: ${message.error ?? 'no reason given'}`));
        return;
      }
      writeFileSync(pidFile, String(child.pid));
      child.unref();
      child.channel?.unref();
      resolve({ url: message.url, found: false, stop: () => end(child, pidFile) });
    });
  });
}

function end(child: ChildProcess, pidFile: string): Promise<void> {
  rmSync(pidFile, { force: true });
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

/** Ends the sandbox that a killed server of the same data folder has left. */
function endLeftOver(pidFile: string): void {
  try {
    process.kill(Number(readFileSync(pidFile, 'utf8')), 'SIGTERM');
    rmSync(pidFile, { force: true });
  } catch {
    // It belongs to somebody else, or is gone: not ours to end.
  }
}
