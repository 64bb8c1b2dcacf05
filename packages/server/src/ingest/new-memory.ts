import { setFlagsFromString } from 'node:v8';

/**
 * What a server's process is told of new memory goes before what a thread is told. This tells that a thread which begins now is to have so many
 * megabytes of it; what is answered brings back what was told before, when the thread has begun.
 */
export function withNewMemory(megabytes: number): () => void {
  const flag = '--max-semi-space-size';
  const said = [...process.execArgv, ...(process.env['NODE_OPTIONS'] ?? '').split(/\s+/)];
  const last = said.findLast((one) => one.startsWith(`${flag}=`));
  if (last === undefined) return () => undefined;
  // Three of these are the new memory.
  setFlagsFromString(`${flag}=${megabytes / 3}`);
  return () => setFlagsFromString(last);
}
