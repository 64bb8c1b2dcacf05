import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** Ticks of a second in which Linux counts. */
const TICKS = 100;
const TASKS = '/proc/self/task';

/** Names that say more than those of Node and V8. */
const NAMES: Readonly<Record<string, string>> = {
  MainThread: 'accepting',
  V8Worker: 'collecting garbage and compiling',
};

/** CPU seconds of the threads of this process by name; empty where the system does not report them. */
export function threadSeconds(): Readonly<Record<string, number>> {
  const seconds: Record<string, number> = {};
  for (const task of existsSync(TASKS) ? readdirSync(TASKS) : []) {
    const stat = readFileSync(`${TASKS}/${task}/stat`, 'utf8');
    const [, name = ''] = /\((.*)\)/s.exec(stat) ?? [];
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const shown = NAMES[name] ?? name;
    seconds[shown] = (seconds[shown] ?? 0) + (Number(fields[11]) + Number(fields[12])) / TICKS;
  }
  return seconds;
}
