import { listDefinitions, loadDefinition } from '@waybill/segment';

/* Loads every published definition and prints numbers. A separate process: there are many modules. */

const megabytes = (): number => Math.round(process.memoryUsage().rss / 1e6);
const started = performance.now();
const took = (): number => Math.round(performance.now() - started);

const before = megabytes();
const listed = listDefinitions();
const list = { count: listed.length, milliseconds: took() };
const first = loadDefinition('actions-iterable');
const one = { slug: first?.slug, milliseconds: took() - list.milliseconds, megabytes: megabytes() - before };

let actions = 0;
let modes = 0;
let presets = 0;
let settings = 0;
const wrong: string[] = [];
for (const { slug, name } of listed) {
  const destination = loadDefinition(slug);
  if (destination === undefined || destination.slug !== slug || destination.name !== name) wrong.push(slug);
  actions += Object.keys(destination?.actions ?? {}).length;
  modes += Object.values(destination?.actions ?? {}).filter(({ syncMode }) => syncMode !== undefined).length;
  presets += destination?.presets.length ?? 0;
  settings += Object.keys(destination?.settings ?? {}).length;
}
const all = { actions, modes, presets, settings, milliseconds: took(), megabytes: megabytes() - before };
process.stdout.write(JSON.stringify({ list, one, all, wrong }));
