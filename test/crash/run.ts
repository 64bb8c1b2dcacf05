/**
 * Kills a server under load and checks that nothing it acknowledged is lost, doubled or out of order.
 *
 *     npm run crash -- --kills 300 --seed 7
 *
 * With `--shops` it runs the day of each local shop instead, ten kills each, and compares what Iterable then holds with a day without
 * kills: `npm run crash -- --shops --platforms magento2 --ways polls,mixed --limits`. With `--processors` it kills before and after
 * the commits of each processor over the recorded day, and compares the stored state and the derived events.
 *
 * With `--audiences` it kills the process of three over PostgreSQL that reads an audience source, at any moment of its runs, and
 * compares the events with the rows: `npm run crash -- --audiences --kills 30 --rows 5000`.
 *
 * With `--store postgres --processes 3` it kills one of several processes over one PostgreSQL, and every tenth time PostgreSQL too.
 * `--pauses 50` pauses one at a time as well, until others have its lanes, and wakes it then, or `--pause-seconds 30` later. `--rest
 * 2000` has its writers rest up to two seconds between batches, so that long runs end with events that can be counted. `--from
 * <checkout>` begins with processes of an older version and replaces them one after the other, as a rolling upgrade does.
 */
import { parseArgs } from 'node:util';
import { runAudiences } from './audiences.ts';
import { faultsOf, runCrash } from './crash.ts';
import { runProcesses } from './processes.ts';
import { runProcessors } from './processors.ts';
import { runShops } from './shops.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string' },
    seed: { type: 'string' },
    shops: { type: 'boolean', default: false },
    processors: { type: 'boolean', default: false },
    audiences: { type: 'boolean', default: false },
    rows: { type: 'string', default: '5000' },
    platforms: { type: 'string' },
    ways: { type: 'string' },
    limits: { type: 'boolean', default: false },
    store: { type: 'string', default: 'sqlite' },
    processes: { type: 'string', default: '3' },
    pauses: { type: 'string', default: '0' },
    'pause-seconds': { type: 'string' },
    rest: { type: 'string' },
    from: { type: 'string' },
  },
});
const kills = Number(values.kills ?? (values.shops ? 10 : 300));
const seed = values.seed === undefined ? Date.now() % 1_000_000 : Number(values.seed);
if (values.processors) {
  const { kills: killed, days, calm, differences } = await runProcessors({ kills, seed });
  for (const text of differences.slice(0, 20)) console.log(text);
  for (const [slug, count] of killed) console.log(`${slug.padEnd(20)} ${count} kills`);
  console.log(
    `${days} days, seed ${seed}: ${calm.derived.length} derived events and ${calm.kept.length} rows and timers are ${differences.length === 0 ? 'the same' : 'NOT the same'}`,
  );
  process.exit(differences.length === 0 ? 0 : 1);
}
if (values.audiences) {
  const [rows, processes] = [Number(values.rows), Number(values.processes)];
  const told = await runAudiences({ kills, seed, processes, rows, say: console.log });
  for (const text of told.faults.slice(0, 20)) console.log(`  ${text}`);
  console.log(
    `${told.runs} runs of ${rows} rows, ${kills} kills of the process that reads them, seed ${seed}: ${told.events} events, of which ${told.faults.length} are wrong, missing or repeated`,
  );
  process.exit(told.faults.length === 0 ? 0 : 1);
}
if (values.shops) {
  console.log(`The day of each shop, seed ${seed}`);
  const { platforms, ways, limits } = values;
  const wrong = await runShops({
    kills,
    seed,
    limits,
    ...(platforms === undefined ? {} : { platforms: platforms.split(',') }),
    ...(ways === undefined ? {} : { ways: ways.split(',') }),
  });
  for (const text of wrong) console.log(text);
  process.exit(wrong.length === 0 ? 0 : 1);
}
if (values.store === 'postgres') {
  const processes = Number(values.processes);
  const pauses = Number(values.pauses);
  console.log(`${kills} kills and ${pauses} pauses among ${processes} processes, seed ${seed}`);
  const { 'pause-seconds': stays, rest, from: older } = values;
  const told = await runProcesses({
    processes,
    kills,
    pauses,
    seed,
    say: console.log,
    killsPostgres: true,
    older,
    ...(stays === undefined ? {} : { pauseFor: Number(stays) * 1_000 }),
    ...(rest === undefined ? {} : { load: { pause: Number(rest) } }),
  });
  const { verdict, counts, doubled, takeovers, restarts } = told;
  const wrong = faultsOf(verdict);
  const at = (share: number): string =>
    `${Math.round(takeovers[Math.ceil(takeovers.length * share) - 1] ?? 0)} ms`;
  console.log(`
${counts.acknowledged} events of ${verdict.users} users acknowledged in ${counts.requests} requests, ${Math.round(told.seconds)} s
lost: ${verdict.missing.length}
twice in Iterable: ${verdict.twice.length}
settled twice: ${doubled}
out of order: ${verdict.outOfOrder.length}
wrong end state: ${verdict.wrongEnd.length}
strange: ${verdict.strange.length}
${verdict.redelivered} items arrived again and changed nothing
taken over ${takeovers.length} times: p50 ${at(0.5)}, max ${at(1)}
and ${restarts.length} times after PostgreSQL was ended too: ${restarts.map(Math.round).join(', ')} ms`);
  for (const text of wrong.slice(0, 20)) console.log(`  ${text}`);
  process.exit(wrong.length + doubled === 0 ? 0 : 1);
}
console.log(`${kills} kills, seed ${seed}`);
const { verdict, counts, killedAtStart, seconds } = await runCrash({ kills, seed, say: console.log });
const wrong = faultsOf(verdict);
console.log(`
${kills} kills (${killedAtStart} before the server was ready), seed ${seed}, ${Math.round(seconds)} s
${counts.acknowledged} events of ${verdict.users} users acknowledged in ${counts.requests} requests, ${counts.resent} of them sent again, ${counts.again} sent twice on purpose
in Iterable: ${verdict.events} events, ${verdict.purchases} purchases; ${verdict.redelivered} items arrived again and changed nothing
missing: ${verdict.missing.length}
twice: ${verdict.twice.length}
out of order: ${verdict.outOfOrder.length}
wrong end state: ${verdict.wrongEnd.length}
strange: ${verdict.strange.length}
events that Iterable makes of a cart update, made once too often: ${verdict.cartEventsTwice} (they have no id; see docs/architecture.md)`);
for (const text of wrong.slice(0, 20)) console.log(`  ${text}`);
process.exitCode = wrong.length === 0 ? 0 : 1;
