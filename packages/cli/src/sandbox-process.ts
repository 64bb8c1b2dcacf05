import { readFileSync } from 'node:fs';
import { createSandbox } from '@waybill/iterable-sandbox';
import type { ProjectType } from './settings.ts';

/*
 * The demo's Iterable, in a separate process. It outlives its server for a while, so that a restarted server finds its customers, and
 * ends after ten minutes without a request, or when the server's folder no longer refers to it.
 */

const ALONE_MS = 600_000;
const LOOK_MS = 1_000;
const [port = '0', projectType = 'hybrid', note = ''] = process.argv.slice(2);

/** Whether the folder refers to this process. */
function isNoted(): boolean {
  try {
    return (JSON.parse(readFileSync(note, 'utf8')) as { pid?: unknown }).pid === process.pid;
  } catch {
    return false;
  }
}

try {
  const sandbox = await createSandbox({ port: Number(port), projectType: projectType as ProjectType });
  process.on('SIGTERM', () => void sandbox.close().then(() => process.exit(0)));
  process.on('SIGINT', () => undefined);
  process.on('disconnect', () => {
    let seen = -1;
    setInterval(() => {
      if (!isNoted()) process.exit(0);
    }, LOOK_MS);
    setInterval(() => {
      void fetch(`${sandbox.url}/_sandbox/stats`)
        .then((answer) => answer.json() as Promise<{ requests: number }>)
        .then(({ requests }) => {
          if (requests === seen) process.exit(0);
          seen = requests;
        });
    }, ALONE_MS);
  });
  process.send?.({ url: sandbox.url });
} catch (error) {
  process.send?.({ error: error instanceof Error ? error.message : String(error) });
  process.exitCode = 1;
}
