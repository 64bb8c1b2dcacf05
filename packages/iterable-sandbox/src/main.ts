import { parseArgs } from 'node:util';
import { createSandbox, type SandboxOptions } from './sandbox.ts';
import { impossible, projectTypes, regions } from './model/settings.ts';

const help = `iterable-sandbox: a local Iterable for tests and demos

Usage: iterable-sandbox [options]

  --port N               port to listen on (default 7070; 0 takes any free port)
  --host H               address to listen on (default 127.0.0.1)
  --project-type TYPE    email, userId or hybrid (default hybrid)
  --region us|eu         the data centre of the project (default us; e-mail projects are us only)
  --api-key KEY          a server-side key; may be repeated (default demo)
  --no-limits            no rate limits
  --keep all|counts      keep events whole, or only counted by id for load tests (default all)
  --keep-log N           keep only the newest N items in the item log (default all)
  --help                 show this text
`;

/** The parsed command line: options, or a string to print with the exit code. */
export function parse(args: string[]): SandboxOptions | { readonly print: string; readonly code: number } {
  try {
    const { values } = parseArgs({
      args,
      options: {
        port: { type: 'string', default: '7070' },
        host: { type: 'string', default: '127.0.0.1' },
        'project-type': { type: 'string', default: 'hybrid' },
        region: { type: 'string', default: 'us' },
        'keep-log': { type: 'string' },
        'api-key': { type: 'string', multiple: true, default: ['demo'] },
        'no-limits': { type: 'boolean', default: false },
        keep: { type: 'string', default: 'all' },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) return { print: help, code: 0 };
    const port = Number(values.port);
    if (values.port.trim() === '' || !Number.isInteger(port) || port < 0 || port > 65_535) {
      throw new Error(`--port must be a number from 0 to 65535, not "${values.port}"`);
    }
    const projectType = projectTypes.find((type) => type === values['project-type']);
    if (projectType === undefined) {
      throw new Error(
        `--project-type must be one of ${projectTypes.join(', ')}, not "${values['project-type']}"`,
      );
    }
    const region = regions.find((name) => name === values.region);
    if (region === undefined) throw new Error(`--region must be us or eu, not "${values.region}"`);
    const combination = impossible(projectType, region);
    if (combination !== undefined) throw new Error(combination);
    const keepLog = Number(values['keep-log'] ?? Infinity);
    if (keepLog !== Infinity && !(Number.isInteger(keepLog) && keepLog >= 0)) {
      throw new Error(`--keep-log must be a whole number, not "${values['keep-log']}"`);
    }
    const { keep } = values;
    if (keep !== 'all' && keep !== 'counts') throw new Error(`--keep must be all or counts, not "${keep}"`);
    const { host, 'api-key': apiKeys, 'no-limits': noLimits } = values;
    return { port, host, projectType, region, apiKeys, limits: !noLimits, keepEvents: keep, keepLog };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { print: `iterable-sandbox: ${message}\nTry iterable-sandbox --help\n`, code: 2 };
  }
}

/** Runs the command until SIGINT or SIGTERM; resolves to the exit code. */
export async function main(args: string[]): Promise<number> {
  const asked = parse(args);
  if ('print' in asked) {
    (asked.code === 0 ? process.stdout : process.stderr).write(asked.print);
    return asked.code;
  }
  try {
    const sandbox = await createSandbox(asked);
    process.stdout.write(
      `iterable-sandbox ready at ${sandbox.url} (${asked.projectType ?? 'hybrid'} project)\n`,
    );
    await new Promise<void>((resolve) => {
      process.once('SIGINT', () => resolve());
      process.once('SIGTERM', () => resolve());
    });
    await sandbox.close();
    return 0;
  } catch (error) {
    process.stderr.write(`iterable-sandbox: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}
