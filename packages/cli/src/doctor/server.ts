import type { AnswerOf, Client, Destination } from '@waybill/api';
import type { Finding } from '@waybill/server/doctor';

type Tested = AnswerOf<'POST /api/destinations/:id/test'>;

/** The tolerance between the clocks of this machine and a destination, in seconds. */
const OFF = 5;
const WRONG = 30;

/** Queries a running server and tests each of its destinations with a real call. */
export async function askServer(client: Client, ready: string | undefined): Promise<readonly Finding[]> {
  const destinations = await client.get('/api/destinations');
  const tested = await Promise.all(
    destinations.map(async (destination) => ({ destination, result: await test(client, destination) })),
  );
  const tries = tested.map(({ destination, result }) => ofDestination(destination, result));
  const none: Finding = { check: 'destinations', status: 'ok', message: 'There are none yet.' };
  return [
    ofServer(ready),
    ...(tries.length === 0 ? [none] : tries),
    ofClock(tested.map(({ result }) => result)),
  ];
}

async function test(client: Client, { id, enabled }: Destination): Promise<Tested | undefined> {
  return enabled === false ? undefined : client.post('/api/destinations/:id/test', { params: { id } });
}

function ofServer(ready: string | undefined): Finding {
  const { status = 'no answer' } = JSON.parse(ready ?? '{}') as { readonly status?: string };
  if (status === 'ready') return { check: 'server', status: 'ok', message: 'ready' };
  return {
    check: 'server',
    status: 'problem',
    message: `Not ready: ${status}.`,
    remedy: 'See its log, and docs/operations.md, "When things break".',
  };
}

function ofDestination({ id }: Destination, result: Tested | undefined): Finding {
  const check = `destination ${id}`;
  if (result === undefined) return { check, status: 'skipped', message: 'It is disabled.' };
  if (result.ok) return { check, status: 'ok', message: result.message ?? 'works' };
  const { path, message, code } = result.issue;
  const where = path === '' ? '' : `${path}: `;
  return { check, status: 'problem', message: `${where}${message} (${code})`, remedy: result.remedy };
}

function ofClock(results: readonly (Tested | undefined)[]): Finding {
  const offsets = results.flatMap((result) => result?.clockOffset ?? []);
  if (offsets.length === 0)
    return { check: 'clock', status: 'skipped', message: 'No destination has reported its time.' };
  // The smallest of several differences: if our clock is wrong, it differs from all.
  const least = offsets.reduce((best, one) => (Math.abs(one) < Math.abs(best) ? one : best));
  const seconds = Math.round(Math.abs(least) / 1_000);
  if (seconds <= OFF) return { check: 'clock', status: 'ok', message: 'agrees with the destinations' };
  return {
    check: 'clock',
    status: seconds > WRONG ? 'problem' : 'warning',
    message: `The clock of this machine is ${seconds} s ${least > 0 ? 'behind' : 'ahead of'} that of the destinations.`,
    remedy:
      'Enable time synchronisation: timedatectl set-ntp true, or chrony. Events get wrong times until then.',
  };
}
