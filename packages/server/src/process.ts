/** What Node is told at the start of a server's process: a heap that is cleaned before it grows, and an end to growing. */
export const SERVER_FLAGS: readonly string[] = ['--max-semi-space-size=8', '--max-old-space-size=2000'];

/** What the C library is told: one pool for both threads, so that what one has freed is of use to the other. */
export const SERVER_ENV: Readonly<Record<string, string>> = { MALLOC_ARENA_MAX: '1' };

/**
 * Starts this process anew as that of a server, with the same number, arguments and open files; returns when it is one
 * already. What its user has set of this, on the command line or in `NODE_OPTIONS`, is left as it is. Where a process cannot
 * be started anew, it goes on as it is, and takes more memory under load.
 */
export function becomeServer(): void {
  const { execve, execArgv, env } = process;
  const said = `${execArgv.join(' ')} ${env['NODE_OPTIONS'] ?? ''}`;
  const flags = SERVER_FLAGS.filter((flag) => !said.includes(flag.split('=')[0]!));
  const own = Object.entries(SERVER_ENV).filter(([name]) => env[name] === undefined);
  // A channel to the process that started this one would be lost.
  const possible = execve !== undefined && process.platform !== 'win32' && process.send === undefined;
  if (!possible || flags.length + own.length === 0) return;
  const known = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  execve.call(
    process,
    process.execPath,
    [process.execPath, ...flags, ...execArgv, ...process.argv.slice(1)],
    Object.fromEntries([...known, ...own]),
  );
}
