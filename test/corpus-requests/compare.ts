import { isDeepStrictEqual } from 'node:util';
import type { Destination } from '@waybill/core';
import { definitionOf, toMetadata } from '@waybill/definitions';
import { adaptDefinition, listDefinitions, loadPublished, type UpstreamDefinition } from '@waybill/segment';
import type { Tree } from '../corpus/events.ts';
import { FRIENDLY, type Mood, MOODS } from './answers.ts';
import { compareAround } from './around.ts';
import { type Case, casesOf, eventsFor, settingsFor } from './cases.ts';
import { reasonFor, type Facts } from './reasons.ts';
import { type Result, newResult, type Side } from './result.ts';
import { type OwnRan, runOurs } from './ours.ts';
import { connectionsTried, rewind, standStill } from './steady.ts';
import { interceptUpstream, runUpstream } from './upstream.ts';

/*
 * Sends generated events through every published definition twice, through upstream's own runtime and through ours, and compares the
 * requests. A separate process: there are many definitions, and their modules are not isolated.
 *
 *   node --conditions=source test/corpus-requests/compare.ts [slug]
 */

standStill();
interceptUpstream();
// Definitions and upstream's validator write to the console at will.
for (const name of ['log', 'info', 'warn', 'error', 'debug'] as const) console[name] = () => undefined;
process.on('unhandledRejection', () => undefined);
process.on('uncaughtException', (error) => {
  if (!String(error).includes('No connection leaves')) throw error;
});

const started = performance.now();
const only = process.argv[2];
const result: Result = newResult();
const payloads: unknown[] = [];
const singles = new WeakMap<UpstreamDefinition, UpstreamDefinition>();
const adapted = new WeakMap<UpstreamDefinition, Destination>();

for (const { slug, folder, needs } of listDefinitions()) {
  if (only !== undefined && only !== slug && only !== folder) continue;
  for (const { kind, what } of needs) {
    if (kind === 'environment') for (const name of what.split(', ')) process.env[name] ??= 'value';
  }
  const definition = loadPublished(slug);
  if (definition === undefined) continue;
  result.definitions += 1;
  result.actions += Object.keys(definition.actions).length;
  const watched = watch(definition);
  const connects = needs.find(({ kind }) => kind === 'connection')?.what;
  if (connects !== undefined) result.connecting[slug] = connects;
  const withPreset = new Set((definition.presets ?? []).map(({ partnerAction }) => partnerAction));
  result.actionsWithPreset += Object.keys(definition.actions).filter((name) => withPreset.has(name)).length;
  for (const one of casesOf(definition)) await compareCase(watched, one, connects);
  const ours = adaptDefinition(definition);
  await compareAround(definition, ours, connects, result.around);
  const told = toMetadata(definitionOf(ours)).audienceConfig?.mode;
  const { mode } = definition.audienceConfig ?? {};
  if (mode !== undefined || told !== undefined) result.audienceModes[slug] = { theirs: mode, ours: told };
}
for (const path of result.compared) delete result.silent[path];
result.seconds = (performance.now() - started) / 1000;
process.stdout.write(`${JSON.stringify(result, null, 1)}\n`, () => process.exit(0));

/** The definition with its payloads recorded: where those differ, requests may differ. */
function watch(definition: UpstreamDefinition): UpstreamDefinition {
  const actions = Object.entries(definition.actions).map(([name, action]) => {
    const { perform, performBatch } = action;
    return [
      name,
      {
        ...action,
        perform: ((request, data) => {
          payloads.push(structuredClone(data.payload));
          return perform(request, data);
        }) satisfies typeof perform,
        ...(performBatch === undefined
          ? {}
          : {
              performBatch: ((request, data) => {
                payloads.push(structuredClone(data.payload));
                return performBatch(request, data);
              }) satisfies typeof perform,
            }),
      },
    ] as const;
  });
  return { ...definition, actions: Object.fromEntries(actions) };
}

async function compareCase(
  definition: UpstreamDefinition,
  one: Case,
  connects: string | undefined,
): Promise<void> {
  const action = definition.actions[one.action]!;
  result.cases += 1;
  result.kinds[one.kind] += 1;
  const events = eventsFor(one, definition, action, 3);
  if (events.length === 0) {
    result.noEvent.push(one.name);
    return;
  }
  const touched = result.touched;
  touched.add(`${definition.slug}/${one.action}`);
  if (one.kind === 'preset' || one.kind === 'completed')
    result.presetActions.add(`${definition.slug}/${one.action}`);
  const single = { ...one, mapping: withBatching(one, action.fields, false) };
  for (const mood of MOODS) {
    if (one.kind === 'preset' && !FRIENDLY.includes(mood)) continue;
    await compareRun(definition, single, events.slice(0, 1), 'single', mood, connects);
  }
  await compareRun(definition, single, events.slice(1, 2), 'single', 'empty', connects);
  if (action.performBatch === undefined) return;
  const batch = { ...one, mapping: withBatching(one, action.fields, true) };
  for (const mood of one.kind === 'preset' ? (['lists'] as const) : FRIENDLY) {
    await compareRun(definition, batch, events, 'batch', mood, connects);
  }
}

function withBatching(one: Case, fields: object, wanted: boolean): Case['mapping'] {
  return 'enable_batching' in fields ? { ...one.mapping, enable_batching: wanted } : one.mapping;
}

async function compareRun(
  definition: UpstreamDefinition,
  one: Case,
  events: readonly Tree[],
  as: 'single' | 'batch',
  mood: Mood,
  connects: string | undefined,
): Promise<void> {
  if (events.length === 0) return;
  const settings = settingsFor(definition);
  const oauth = (definition.authentication?.scheme ?? '').startsWith('oauth');
  const isVariant = one.kind === 'mode' || one.kind === 'hooked';
  const side: Side = (isVariant ? result.variants : result.sides)[as];
  side.runs += 1;

  // An action without the switch is always sent in batches; its single path is called directly.
  const performing = as === 'single' ? onceFor(singles, definition, withoutBatch) : definition;
  const own = async (): Promise<{ readonly ran: OwnRan; readonly handed: readonly unknown[] }> => {
    rewind();
    payloads.length = 0;
    const ran = await runOurs(
      onceFor(adapted, performing, adaptDefinition),
      one,
      structuredClone([...events]),
      { ...settings, ...(oauth ? { oauth_access_token: 'token-1' } : {}) },
      mood,
    );
    return { ran, handed: payloads.splice(0) };
  };
  connectionsTried();
  let { ran: ours, handed: ourPayloads } = await own();

  rewind();
  const theirSettings = { ...settings, ...(oauth ? { oauth: { access_token: 'token-1' } } : {}) };
  const theirs = { sent: [] as unknown[], ends: [] as string[], words: '', late: false };
  // A runtime is passed the calls that were planned for it.
  const calls = ours.calls.length > 0 && as === 'batch' ? ours.calls : [events.map((_, index) => index)];
  for (const call of calls) {
    const members = call.map((index) => events[index]!);
    const ran = await runUpstream(performing, one, members, theirSettings, as, mood);
    theirs.sent.push(...ran.sent);
    for (const [at, index] of call.entries()) theirs.ends[index] = ran.ends[at] ?? 'unknown';
    theirs.words += ran.words;
    theirs.late ||= ran.late;
  }
  const theirPayloads = payloads.splice(0);
  const connected = connectionsTried() > 0;
  // Some definitions cache answers for the lifetime of the process: then both have to be asked twice.
  if (!isDeepStrictEqual(ours.sent, theirs.sent)) {
    const again = await own();
    if (isDeepStrictEqual(again.ran.sent, theirs.sent)) ({ ran: ours, handed: ourPayloads } = again);
  }

  const name = `${one.name} (${as}, ${mood})`;
  side.requests += ours.sent.length;
  if (theirs.sent.length > 0) side.speaking += 1;
  if (theirs.sent.length > 1) side.chained += 1;
  const facts: Facts = {
    name,
    as,
    mood,
    ours,
    theirs,
    payloads: { ours: ourPayloads, theirs: theirPayloads },
    connects: connects ?? (connected ? 'a connection of its own' : undefined),
    definition,
    action: one.action,
  };
  const same = isDeepStrictEqual(ours.sent, theirs.sent);
  const path = `${definition.slug}/${one.action}`;
  if (theirs.sent.length > 0 && same) result.compared.add(path);
  if (theirs.sent.length === 0 && ours.sent.length === 0) result.silent[path] = ours.words || theirs.words;
  if (same) side.equal += 1;
  else
    note(side.listed, side.findings, reasonFor('requests', facts), () => ({
      name,
      ours: ours.sent,
      theirs: theirs.sent,
      words: [ours.words, theirs.words],
      payloads: isDeepStrictEqual(ourPayloads, theirPayloads) ? undefined : [ourPayloads, theirPayloads],
    }));
  if (!same) return;
  side.outcomes += 1;
  const compared = calls.flat();
  const ourEnds = compared.map((index) => ours.ends[index]);
  const theirEnds = compared.map((index) => theirs.ends[index]);
  if (isDeepStrictEqual(ourEnds, theirEnds)) side.sameOutcomes += 1;
  else
    note(side.listedOutcomes, side.findings, reasonFor('outcomes', facts), () => ({
      name,
      ends: [ourEnds, theirEnds],
      words: [ours.words, theirs.words],
    }));
}

/** What is made of a definition, made once: all its schemas are compiled on the way. */
function onceFor<T>(
  made: WeakMap<UpstreamDefinition, T>,
  definition: UpstreamDefinition,
  make: (definition: UpstreamDefinition) => T,
): T {
  let value = made.get(definition);
  if (value === undefined) made.set(definition, (value = make(definition)));
  return value;
}

function withoutBatch(definition: UpstreamDefinition): UpstreamDefinition {
  return {
    ...definition,
    actions: Object.fromEntries(
      Object.entries(definition.actions).map(([name, { performBatch: _none, ...action }]) => [name, action]),
    ),
  };
}

function note(
  listed: Record<string, number>,
  findings: unknown[],
  reason: string | undefined,
  example: () => unknown,
): void {
  if (reason !== undefined) listed[reason] = (listed[reason] ?? 0) + 1;
  else findings.push(example());
}
