import { compareMapping, type FieldSeen } from './payloads.ts';
import { mappingCases, readDefinitions, readVersions } from './published.ts';
import type { Kind, Result } from './result.ts';
import { compareFields, fieldsCases } from './schemas.ts';
import { Tally } from './tally.ts';
import { compareTriggers, triggersOf } from './triggers.ts';

/*
 * Tests our runtime with every published definition and writes the result as JSON. A separate process, because the
 * definitions are CommonJS and half a gigabyte once their validators are compiled:
 *
 *   CORPUS_SEED=7 CORPUS_EVENTS=100 node test/corpus/compare.ts
 */

/** Triggers are cheap: they are tested with more events than mappings. */
const TRIGGER_EVENTS = 20;

// Upstream's validator warns about every union type it compiles.
console.warn = () => undefined;

const started = performance.now();
const seed = Number(process.env['CORPUS_SEED'] ?? 1);
const events = Number(process.env['CORPUS_EVENTS'] ?? 8);
const options = { seed, events };
const tallies: Record<Kind, Tally> = {
  mapping: new Tally(),
  validation: new Tally(),
  together: new Tally(),
  trigger: new Tally(),
  payload: new Tally(),
  settings: new Tally(),
  schema: new Tally(),
};

const definitions = readDefinitions();
const triggers = triggersOf(definitions);
const disagreements = compareTriggers(triggers, { seed, events: events * TRIGGER_EVENTS }, tallies.trigger);

const sets = definitions.flatMap(fieldsCases);
for (const one of sets) compareFields(one, options, tallies[one.kind], tallies.schema);

const seen = new Map<string, FieldSeen>();
const mappings = definitions.flatMap(mappingCases);
for (const one of mappings) await compareMapping(one, options, tallies, seen);

const presets = definitions.flatMap((definition) => definition.presets ?? []);
const ofKind = (kind: string): number => mappings.filter((one) => one.kind === kind).length;
const names = (test: (field: FieldSeen) => boolean): readonly string[] =>
  [...seen].filter(([, field]) => test(field)).map(([name]) => name);
const neverMapped = names(({ mapped }) => mapped === 0);
const neverAccepted = names(({ accepted }) => accepted === 0);
const result: Result = {
  versions: readVersions(),
  seed,
  events,
  seconds: (performance.now() - started) / 1000,
  definitions: definitions.length,
  actions: definitions.reduce((sum, { actions }) => sum + Object.keys(actions).length, 0),
  presets: presets.length,
  presetsWithoutAction: mappings.filter(({ action }) => action === undefined).length,
  mappings: {
    default: ofKind('default'),
    completed: ofKind('completed'),
    automatic: ofKind('automatic'),
    specificEvent: ofKind('specificEvent'),
  },
  triggers: triggers.length,
  schemas: sets.length,
  fields: {
    all: seen.size,
    mapped: seen.size - neverMapped.length,
    accepted: seen.size - neverAccepted.length,
    neverMapped,
    neverAccepted,
  },
  disagreements,
  tallies,
};
process.stdout.write(`${JSON.stringify(result, null, 1)}\n`);
