import type { Installation, Slot } from '../crash/installation.ts';

/** What several processes made of one limit. */
export interface SharedLimit {
  /** The part of the limit that was used. */
  readonly used: number;
  /** The part of the calls that was refused. */
  readonly refused: number;
  readonly calls: number;
}

/** The requested rate. */
export const ASKED = { used: 0.95, refused: 0.01 };

/** What is measured. */
export interface SharedLimitInput {
  /** How long, in seconds. */
  readonly seconds: number;
  /**
   * Ends with the first run of this many seconds within the requested rate: a machine that paused for a moment proves nothing about a
   * limit. The whole time counts when it is absent.
   */
  readonly window?: number;
  /** Those that take events; all when absent. */
  readonly intakes?: readonly Slot[];
  /** The users of the events; enough of them to fill every lane when absent. */
  readonly users?: readonly string[];
}

/** What Iterable publishes of its endpoint for events in bulk: ten calls a second. */
const LIMIT = 10;
const ENDPOINT = '/api/events/trackBulk';
/** Users, enough to fill every lane. */
const USERS = Array.from({ length: 400 }, (_one, n) => `limited-${n}`);
/** Batches a second, and their events. */
const PACE = { batches: 10, events: 40 };
/** Seconds until every process has been refused once and knows the limit: the limits of a custom address are not published. */
const LEARNING = 5;

/** Users whose events are in lanes of one process: the other processes have no work with them. */
export async function usersOf(
  { query, lanesOf }: Installation,
  slot: Slot,
  intake = slot,
): Promise<readonly string[]> {
  const events = USERS.map((userId) => ({
    type: 'track',
    event: 'Limited',
    userId,
    messageId: `of-${userId}`,
  }));
  await send(intake.url(), events);
  const own = new Set((await lanesOf(slot.child())).map(({ partition }) => partition));
  const rows = await query<{ user: string; partition: number }>(
    `SELECT DISTINCT body::json ->> 'userId' AS user, partition FROM waybill.events WHERE body LIKE '%"of-limited-%'`,
  );
  return rows.flatMap(({ user, partition }) => (own.has(partition) ? [user] : []));
}

/** Keeps the lanes of all processes busy with calls that are limited, and counts at the destination. */
export async function measureSharedLimit(
  installation: Installation,
  { seconds, window = seconds, intakes = installation.slots, users = USERS }: SharedLimitInput,
): Promise<SharedLimit> {
  const { sandbox } = installation;
  await control(sandbox, 'reset', { limits: true });
  const load = startLoad(intakes, users);
  try {
    await sleep(LEARNING * 1_000);
    const looks: Look[] = [await look(sandbox)];
    for (;;) {
      await sleep(250);
      const now = await look(sandbox);
      looks.push(now);
      const before = looks.findLast(({ at }) => now.at - at >= window * 1_000);
      const found = before === undefined ? undefined : between(before, now);
      if (found !== undefined && found.used >= ASKED.used && found.refused <= ASKED.refused) return found;
      if (now.at - looks[0]!.at >= seconds * 1_000) return between(looks[0]!, now);
    }
  } finally {
    await load.stop();
    await control(sandbox, 'reset', { limits: false });
  }
}

/** What the destination has counted at some time. */
interface Look {
  readonly at: number;
  readonly calls: number;
  readonly refused: number;
}

function between(before: Look, after: Look): SharedLimit {
  const calls = after.calls - before.calls;
  const refused = after.refused - before.refused;
  return {
    used: (calls - refused) / (((after.at - before.at) / 1_000) * LIMIT),
    refused: refused / Math.max(1, calls),
    calls,
  };
}

async function look(sandbox: string): Promise<Look> {
  const answer = await fetch(`${sandbox}/_sandbox/stats`);
  const { perEndpoint } = (await answer.json()) as {
    readonly perEndpoint: Readonly<Record<string, { requests: number; statuses: Record<string, number> }>>;
  };
  const found = perEndpoint[ENDPOINT];
  return { at: performance.now(), calls: found?.requests ?? 0, refused: found?.statuses['429'] ?? 0 };
}

async function control(sandbox: string, path: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${sandbox}/_sandbox/${path}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`The sandbox answered ${answer.status}: ${await answer.text()}`);
}

async function send(url: string | undefined, batch: readonly object[]): Promise<void> {
  if (url === undefined) return;
  await fetch(`${url}/v1/batch`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Basic ${btoa('demo:')}` },
    body: JSON.stringify({ batch }),
  });
}

/** Sends events of many users to the processes round-robin. */
function startLoad(slots: readonly Slot[], users: readonly string[]): { stop(): Promise<void> } {
  let isOver = false;
  const begun = Date.now();
  const run = async (): Promise<void> => {
    for (let batch = 0; !isOver; batch += 1) {
      const url = slots[batch % slots.length]?.url();
      const events = Array.from({ length: PACE.events }, (_one, index) => {
        const n = batch * PACE.events + index;
        const userId = users[(n * 7) % users.length];
        return { type: 'track', event: 'Limited', userId, messageId: `limited-${begun}-${n}` };
      });
      await send(url, events);
      await sleep(1_000 / PACE.batches);
    }
  };
  const sending = run();
  return {
    async stop() {
      isOver = true;
      await sending;
    },
  };
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
