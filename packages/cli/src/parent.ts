import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const LOOK_MS = 250;

/**
 * Calls when the process that started this one is gone, for what npm or an older Node has started: neither can tell it when it is
 * killed, and a shell between does not pass signals on. A server that was put in the background by hand keeps running.
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

/** The process that has started a shell, which npm puts between; undefined for anything but a shell. */
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
