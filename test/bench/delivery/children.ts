import { join } from 'node:path';
import { SERVER_ENV, SERVER_FLAGS } from '@waybill/server/process';
import { type Child, startChild } from '../children.ts';

/** A process of the benchmark that answers questions. */
export type Helper = Child<{ readonly url: string } & Readonly<Record<string, unknown>>> & {
  readonly url: string;
};

/** Starts a script and waits for its first message. */
export async function startHelper(
  script: string,
  args: readonly string[] = [],
  execArgv: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<Helper> {
  const flags = [...process.execArgv, ...execArgv];
  const child = await startChild<Helper['first']>(join(import.meta.dirname, script), args, flags, env);
  return { ...child, url: child.first.url };
}

/** Starts a server as `waybill start` does. */
export function startServed(
  args: readonly string[],
  execArgv: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<Helper> {
  return startHelper('serve.mjs', args, [...SERVER_FLAGS, ...execArgv], { ...SERVER_ENV, ...env });
}

/** Ends a server in good order. */
export function stopHelper(helper: Helper): Promise<void> {
  return new Promise((resolve) => {
    helper.process.once('exit', () => resolve());
    helper.process.send('stop');
  });
}
