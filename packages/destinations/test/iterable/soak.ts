import type { Event, Outcome } from '@waybill/core';
import { iterable } from '@waybill/destinations';
import { createSandbox, type ProjectType, type Sandbox, type Switches } from '@waybill/iterable-sandbox';
import { parseArgs } from 'node:util';

import { createPlayer, overHttp } from '../harness.ts';
import { type Assortment, assorted, firstEvents, generator, GONE, MOST_BYTES } from './assorted.ts';

/** The size and target of the run. */
export interface Soak {
  readonly events: number;
  readonly projectType: ProjectType;
  readonly bad?: number;
  readonly users?: number;
  readonly seed?: number;
  readonly switches?: Partial<Switches>;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** The share of calls that are answered with a failure, written or not: 0 to 1. */
  readonly faults?: number;
  /** Called after every thousand events. */
  readonly progress?: (done: number) => void;
}

/** The results. */
export interface SoakReport {
  readonly events: number;
  readonly calls: number;
  readonly seconds: number;
  /** The number of items by outcome. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** Items whose outcome differs from the state of the sandbox; at most a few are reported. */
  readonly wrong: number;
  readonly examples: readonly string[];
}

const AT_A_TIME = 1_000;
/** The number of attempts after which a retrying item counts as wrong. */
const MOST_ATTEMPTS = 100;

/** Sends events, some invalid, and compares the outcome of every item with the state of the sandbox. */
export async function soak(options: Soak): Promise<SoakReport> {
  const { events, projectType, bad = 0.02, users = 500, seed = 11, faults = 0 } = options;
  const sandbox = await createSandbox({
    projectType,
    limits: false,
    switches: options.switches ?? {},
    random: generator(seed + 1),
  });
  try {
    const player = createPlayer({
      destination: iterable,
      settings: { apiKey: 'demo', apiUrl: sandbox.url, projectType, ...options.settings },
      request: overHttp(),
    });
    await prepare(sandbox, player, users);
    if (faults > 0) await breakNow(sandbox, faults);
    const start = performance.now();
    const assortment: Assortment = { projectType, users, bad, random: generator(seed) };
    const tally = new Map<string, number>();
    const examples: string[] = [];
    let wrong = 0;
    let read = sandbox.project.log.size;
    for (let first = 1; first <= events; first += AT_A_TIME) {
      const made = Array.from({ length: Math.min(AT_A_TIME, events - first + 1) }, (_none, index) =>
        assorted(first + index, assortment),
      );
      const ended = await untilEnded(player, made);
      const accepted = new Set<number>();
      const { log } = sandbox.project;
      for (; read < log.size; read += 1) {
        const { outcome, orderMarker } = log.entry(read);
        if (outcome === 'accepted' && orderMarker !== undefined) accepted.add(orderMarker);
      }
      for (const [index, one] of made.entries()) {
        const outcome = ended.get(one.messageId);
        const name = nameOf(outcome);
        tally.set(name, (tally.get(name) ?? 0) + 1);
        const right =
          outcome?.status === 'delivered'
            ? accepted.has(first + index)
            : outcome?.status === 'rejected' && !accepted.has(first + index);
        if (right) continue;
        wrong += 1;
        if (examples.length < 5)
          examples.push(`${JSON.stringify(one).slice(0, 400)} ended as ${JSON.stringify(outcome)}`);
      }
      options.progress?.(first + made.length - 1);
    }
    return {
      events,
      calls: sandbox.project.stats.requests,
      seconds: Math.round(performance.now() - start) / 1000,
      outcomes: Object.fromEntries([...tally].sort()),
      wrong,
      examples,
    };
  } finally {
    await sandbox.close();
  }
}

async function prepare(sandbox: Sandbox, player: Player, users: number): Promise<void> {
  const { project } = sandbox;
  await player(firstEvents({ users }));
  // The first orders fix the types of their fields.
  for (const { email, userId } of GONE) {
    await fetch(`${sandbox.url}/api/users/forget`, {
      method: 'POST',
      headers: { 'Api-Key': 'demo' },
      body: JSON.stringify(project.type === 'email' ? { email } : { userId }),
    });
  }
  project.settings.disallowedEventNames = ['Internal'];
  project.settings.userFieldLimit = project.fields.userLeaves + 20;
  project.settings.eventFieldLimit = project.fields.eventLeaves + 20;
  project.settings.maxBodyBytes = MOST_BYTES;
}

async function breakNow(sandbox: Sandbox, probability: number): Promise<void> {
  const rules = [
    { kind: 'status', status: 503, probability },
    { kind: 'status', status: 429, probability },
    { kind: 'reset', after: true, probability },
    { kind: 'half', probability },
  ];
  const answer = await fetch(`${sandbox.url}/_sandbox/faults`, {
    method: 'POST',
    body: JSON.stringify(rules),
  });
  if (!answer.ok) throw new Error(await answer.text());
}

type Player = ReturnType<typeof createPlayer>;

/** Sends events and repeats retries, as an engine would. */
async function untilEnded(player: Player, events: readonly Event[]): Promise<ReadonlyMap<string, Outcome>> {
  const ended = new Map<string, Outcome>();
  let left = events;
  for (let attempt = 1; left.length > 0 && attempt <= MOST_ATTEMPTS; attempt += 1) {
    for (const { messageId, outcome } of await player(left, attempt)) ended.set(messageId, outcome);
    left = left.filter(({ messageId }) => ended.get(messageId)?.status === 'retry');
  }
  return ended;
}

function nameOf(outcome: Outcome | undefined): string {
  if (outcome === undefined) return 'none';
  return outcome.status === 'delivered' ? 'delivered' : `${outcome.status} ${outcome.code}`;
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      events: { type: 'string', default: '20000' },
      type: { type: 'string', default: 'hybrid' },
      bad: { type: 'string', default: '0.02' },
      users: { type: 'string', default: '500' },
      seed: { type: 'string', default: '11' },
      faults: { type: 'string', default: '0' },
    },
  });
  const report = await soak({
    events: Number(values.events),
    projectType: values.type as ProjectType,
    bad: Number(values.bad),
    users: Number(values.users),
    seed: Number(values.seed),
    faults: Number(values.faults),
    progress: (done) => {
      if (done % 50_000 === 0) console.log(`${done} events`);
    },
  });
  console.log(JSON.stringify(report, undefined, 2));
  process.exitCode = report.wrong === 0 ? 0 : 1;
}
