import { setFlagsFromString } from 'node:v8';

/**
 * V8 flags of the process override those of a thread. Sets the size of the young generation, in megabytes, for a thread that
 * starts now; the returned function restores the previous value when the thread has started.
 */
export function withNewMemory(megabytes: number): () => void {
  const flag = '--max-semi-space-size';
  const said = [...process.execArgv, ...(process.env['NODE_OPTIONS'] ?? '').split(/\s+/)];
  const last = said.findLast((one) => one.startsWith(`${flag}=`));
  if (last === undefined) return () => undefined;
  // The young generation consists of three semi-spaces.
  setFlagsFromString(`${flag}=${megabytes / 3}`);
  return () => setFlagsFromString(last);
}
