/**
 * Node's flags for a server process: a heap that is collected before it grows, and a maximum size. V8 mistakes objects that live as
 * long as a batch for long-lived ones: it would allocate those of later batches among the old objects, where even dead ones keep young
 * ones alive, and garbage collection would take three times as long.
 */
export const SERVER_FLAGS: readonly string[] = [
  '--max-semi-space-size=8',
  '--max-old-space-size=1600',
  '--no-allocation-site-pretenuring',
];

/** The C library's settings: one arena for all threads, so that freed memory is shared. */
export const SERVER_ENV: Readonly<Record<string, string>> = { MALLOC_ARENA_MAX: '1' };

/** How a process was started. */
export interface Started {
  /** Options of Node. */
  readonly execArgv: readonly string[];
  /** The program, the script and its arguments. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Returns how to restart this process as a server process; undefined when it is one. Settings by the user, on the command line
 * or in `NODE_OPTIONS`, are kept.
 */
export function serverProcess({
  execArgv,
  argv,
  env,
}: Started):
  { readonly argv: readonly string[]; readonly env: Readonly<Record<string, string>> } | undefined {
  const said = `${execArgv.join(' ')} ${env['NODE_OPTIONS'] ?? ''}`;
  const flags = SERVER_FLAGS.filter((flag) => !said.includes(nameOf(flag)));
  const own = Object.entries(SERVER_ENV).filter(([name]) => env[name] === undefined);
  if (flags.length + own.length === 0) return undefined;
  const known = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const [program = '', ...rest] = argv;
  return { argv: [program, ...flags, ...execArgv, ...rest], env: Object.fromEntries([...known, ...own]) };
}

/** The name of a flag, whether it is set, unset or given a value. */
function nameOf(flag: string): string {
  return flag.split('=')[0]!.replace(/^--(no-)?/, '');
}

/**
 * Re-executes this process as a server process, with the same PID, arguments and open files; returns when it is one already.
 * Where that is impossible, it continues, and takes more memory under load.
 */
export function becomeServer(): void {
  // A channel to the process that started this one would be lost.
  if (process.platform === 'win32' || process.send !== undefined || process.execve === undefined) return;
  const { execArgv, argv, env } = process;
  const server = serverProcess({ execArgv, argv: [process.execPath, ...argv.slice(1)], env });
  if (server !== undefined) process.execve(process.execPath, server.argv, server.env);
}
