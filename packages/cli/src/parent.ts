import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const LOOK_MS = 250;

/**
 * Calls a function when the parent process has ended, for processes started by npm or an older Node: neither signals it when killed,
 * and a shell in between does not forward signals. A server in the background keeps running.
 */
export function onParentGone(gone: () => void, env: NodeJS.ProcessEnv = process.env): void {
  if (env['npm_lifecycle_event'] === undefined && env['WAYBILL_OWN_NODE'] === undefined) return;
  const parent = process.ppid;
  const starter = behindShell(parent);
  const timer = setInterval(() => {
    if (process.ppid === parent && (starter === undefined || lives(starter))) return;
    clearInterval(timer);
    gone();
  }, LOOK_MS);
  timer.unref();
}

/** The parent of a shell, which npm inserts; undefined if it is not a shell. */
function behindShell(pid: number): number | undefined {
  const [, name, parent] = /^(\S+) +(\d+)$/.exec(nameAndParent(pid)) ?? [];
  return name !== undefined && /^(.*\/)?-?(sh|ash|dash|bash|zsh|ksh)$/.test(name)
    ? Number(parent)
    : undefined;
}

function nameAndParent(pid: number): string {
  try {
    // The number, the name in parentheses, the state, the parent.
    return readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^\d+ \((.*)\) \S (\d+) .*$/s, '$1 $2');
  } catch {
    // Not Linux.
  }
  try {
    return execFileSync('ps', ['-o', 'comm=,ppid=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return '';
  }
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
