import { AudienceError } from './engine.ts';
import type { Job, Said } from './job.ts';
import { run } from './run.ts';

/* The comparing process: a query may exhaust memory, or never end, and is killed with its process. */

const send = process.send!.bind(process);
process.on('disconnect', () => process.exit(1));
process.once('message', (job: Job) => {
  run(job)
    .catch((error: unknown): Said => ({ failure: failureOf(error) }))
    .then((said) => send(said, () => process.exit(0)))
    .catch(() => process.exit(1));
});

function failureOf(error: unknown): { readonly code: string; readonly message: string } {
  const message = (error instanceof Error ? error.message : String(error)).slice(0, 2_000);
  if (error instanceof AudienceError) return { code: error.code, message };
  return {
    code: /out of memory/i.test(message) ? 'audience_limit_reached' : 'audience_query_failed',
    message,
  };
}
