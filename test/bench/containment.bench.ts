import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { barePath } from './bare-processes.ts';
import { startChild } from './children.ts';
import { personOf, type Rig, startRecorder, startRig, type Used } from './containment/rig.ts';

/*
 * The cost per event of running the code of its destination in a separate process: the same events are delivered by the same
 * definition, once in the delivery thread and once as a module, in turns, after a check that the requests are the same both ways.
 * Processor time of the server and of the module's process; that of senders and of the destination is not in it. For comparison, the
 * minimum for two processes: the same payloads there, and as many bytes back.
 *
 *   npm run bench:containment
 */

const EVENTS = Number(process.env['EVENTS'] ?? 40_000);
const ROUNDS = Number(process.env['ROUNDS'] ?? 5);
/** Rounds that are not counted: until then V8 compiles what runs often. */
const WARM_UP = 2;
const CHECKED = 5_000;

/** Both ways of delivering, in the order of a round. */
const WAYS = ['direct', 'contained'] as const;

/** Processor microseconds of an event, one way. */
interface Way {
  readonly intake: Used;
  readonly delivery: Used;
}

type Round = Readonly<Record<(typeof WAYS)[number], Way>>;

const folder = mkdtempSync(join(tmpdir(), 'waybill-containment-'));
const module = join(folder, 'contained.mjs');
writeFileSync(
  module,
  `import { iterable } from ${JSON.stringify(import.meta.resolve('@waybill/destinations'))};
   export const contained = { ...iterable, slug: 'contained' };`,
);
const typeOf = { direct: 'iterable', contained: 'contained' } as const;

async function check(): Promise<void> {
  const recorders = { direct: await startRecorder(), contained: await startRecorder() };
  const lanes = WAYS.map((id) => ({ id, type: typeOf[id], apiUrl: recorders[id].url }));
  const rig = await startRig(join(folder, 'check'), module, lanes);
  await rig.accept(0, CHECKED);
  for (const id of WAYS) await rig.deliver(id);
  await hold(rig, CHECKED);
  await rig.stop();
  const [direct, contained] = WAYS.map((id) => recorders[id].asked());
  for (const id of WAYS) recorders[id].close();
  if (direct!.length < CHECKED) throw new Error(`${direct!.length} of ${CHECKED} events arrived.`);
  if (direct!.join('\n') !== contained!.join('\n')) throw new Error('What arrives differs.');
  console.log(`${CHECKED} events: all delivered, the same requests both ways`);
}

/** Throws unless each lane of a server has delivered all events. */
async function hold(rig: Rig, count: number): Promise<void> {
  const delivered = await rig.delivered();
  for (const [id, found] of Object.entries(delivered)) {
    if (found !== count) throw new Error(`${id}: ${found} of ${count} delivered`);
  }
}

async function measure(): Promise<readonly Round[]> {
  const destination = await startChild(
    join(import.meta.dirname, 'delivery/sandbox.ts'),
    [],
    process.execArgv,
  );
  // A server each, so that neither way runs code that V8 has compiled for both.
  const rigs = {} as Record<(typeof WAYS)[number], Rig>;
  for (const id of WAYS) {
    const lane = { id, type: typeOf[id], apiUrl: destination.first.url };
    rigs[id] = await startRig(join(folder, id), module, [lane]);
  }
  const during = async (rig: Rig, work: () => Promise<void>): Promise<Used> => {
    const before = await rig.used();
    await work();
    const after = await rig.used();
    return {
      server: (after.server - before.server) / EVENTS,
      module: (after.module - before.module) / EVENTS,
    };
  };
  const rounds: Round[] = [];
  for (let round = 0; round < WARM_UP + ROUNDS; round += 1) {
    const made = {} as Record<(typeof WAYS)[number], Way>;
    for (const id of round % 2 === 0 ? WAYS : WAYS.toReversed()) {
      const rig = rigs[id];
      const intake = await during(rig, () => rig.accept(round * EVENTS, EVENTS));
      made[id] = { intake, delivery: await during(rig, () => rig.deliver(id)) };
      await hold(rig, (round + 1) * EVENTS);
    }
    if (round >= WARM_UP) rounds.push(made);
  }
  for (const id of WAYS) await rigs[id].stop();
  await destination.kill();
  return rounds;
}

function report(rounds: readonly Round[], bare: number): void {
  const median = (of: (one: Round) => number): number =>
    rounds.map(of).toSorted((a, b) => a - b)[Math.floor(rounds.length / 2)]!;
  const us = (of: (one: Round) => number): string => `${median(of).toFixed(1)} us`;
  const all = ({ server, module: its }: Used): number => server + its;
  const ratio = (of: (way: Way, round: Round) => number): string =>
    median((one) => of(one.contained, one) / of(one.direct, one)).toFixed(2);
  // The same code both ways, so that what differs is noise.
  const intake = (one: Round): number => (all(one.direct.intake) + all(one.contained.intake)) / 2;
  const direct = median((one) => all(one.direct.delivery));
  console.log(
    `${ROUNDS} rounds of ${EVENTS} events to a local Iterable; processor time of an event, medians:`,
  );
  console.log(`intake                              ${us(intake)}`);
  console.log(`delivery in the delivery thread     ${direct.toFixed(1)} us`);
  console.log(
    `delivery as a module                ${us((one) => one.contained.delivery.server)}, and ${us((one) => one.contained.delivery.module)} in its own process`,
  );
  console.log('ratio of as a module to in the delivery thread:');
  console.log(
    `whole event, HTTP in to outcome, server and module  ${ratio(({ delivery }, one) => intake(one) + all(delivery))}`,
  );
  console.log(
    `delivery alone, server and module                   ${ratio(({ delivery }) => all(delivery))}`,
  );
  console.log(
    `delivery alone, server without module               ${ratio(({ delivery }) => delivery.server)}`,
  );
  console.log(
    `delivery alone, the least that two processes take   ${(1 + bare / direct).toFixed(2)} (${bare.toFixed(1)} us)`,
  );
}

try {
  await check();
  const rounds = await measure();
  const bare = await barePath((at) => {
    const { userId, properties } = personOf(at);
    return {
      userId,
      eventName: 'Seen',
      dataFields: properties,
      id: `${Date.now()}-${at}`,
      createdAt: new Date(0).toISOString(),
    };
  });
  report(rounds, bare);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
