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

interface Round {
  /** The intake, which is the same both ways. */
  readonly intake: Used;
  readonly direct: Used;
  readonly contained: Used;
}

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

/** Throws unless each lane has delivered all events. */
async function hold(rig: Rig, count: number): Promise<void> {
  const delivered = await rig.delivered();
  for (const id of WAYS) {
    if (delivered[id] !== count) throw new Error(`${id}: ${delivered[id]} of ${count} delivered`);
  }
}

async function measure(): Promise<readonly Round[]> {
  const destination = await startChild(
    join(import.meta.dirname, 'delivery/sandbox.ts'),
    [],
    process.execArgv,
  );
  const lanes = WAYS.map((id) => ({ id, type: typeOf[id], apiUrl: destination.first.url }));
  const rig = await startRig(join(folder, 'measure'), module, lanes);
  const during = async (work: () => Promise<void>): Promise<Used> => {
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
    const intake = await during(() => rig.accept(round * EVENTS, EVENTS));
    const order = round % 2 === 0 ? WAYS : WAYS.toReversed();
    const made: Partial<Record<(typeof WAYS)[number], Used>> = {};
    for (const id of order) made[id] = await during(() => rig.deliver(id));
    await hold(rig, (round + 1) * EVENTS);
    if (round >= WARM_UP) rounds.push({ intake, direct: made.direct!, contained: made.contained! });
  }
  await rig.stop();
  await destination.kill();
  return rounds;
}

function report(rounds: readonly Round[], bare: number): void {
  const median = (of: (one: Round) => number): number =>
    rounds.map(of).toSorted((a, b) => a - b)[Math.floor(rounds.length / 2)]!;
  const all = ({ server, module: its }: Used): number => server + its;
  const us = (of: (one: Round) => number): string => `${median(of).toFixed(1)} us`;
  const ratio = (contained: (one: Round) => number, direct: (one: Round) => number): string =>
    median((one) => contained(one) / direct(one)).toFixed(2);
  const direct = (one: Round): number => all(one.direct);
  const contained = (one: Round): number => all(one.contained);
  console.log(
    `${ROUNDS} rounds of ${EVENTS} events to a local Iterable; processor time of an event, medians:`,
  );
  console.log(`intake                              ${us(({ intake }) => all(intake))}`);
  console.log(`delivery in the delivery thread     ${us(direct)}`);
  console.log(
    `delivery as a module                ${us((one) => one.contained.server)}, and ${us((one) => one.contained.module)} in its own process`,
  );
  console.log('ratio of as a module to in the delivery thread:');
  console.log(
    `whole event, HTTP in to outcome, server and module  ${ratio(
      (one) => all(one.intake) + contained(one),
      (one) => all(one.intake) + direct(one),
    )}`,
  );
  console.log(`delivery alone, server and module                   ${ratio(contained, direct)}`);
  console.log(
    `delivery alone, server without module               ${ratio((one) => one.contained.server, direct)}`,
  );
  console.log(
    `delivery alone, the least that two processes take   ${(1 + bare / median(direct)).toFixed(2)} (${bare.toFixed(1)} us)`,
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
