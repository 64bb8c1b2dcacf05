import { existsSync } from 'node:fs';
import { destinations } from '@waybill/destinations';
import { check, type Report } from './check.ts';
import { type Collection, collect, emptyCollection } from './collect.ts';
import type { Kind } from './rule.ts';

/** What to validate. */
export interface ValidateInput {
  readonly paths: readonly string[];
  readonly as?: Kind;
  readonly destination?: string;
  readonly portable?: boolean;
}

/** What is looked at when no path is given, as far as it is there. */
const USUAL = ['presets', 'docs', 'README.md', 'waybill.json', 'workspace.json', 'packages/destinations/src'];

/** Validates the named paths; without any, the built-in destinations and what usually lies in a folder. */
export async function validate(input: ValidateInput): Promise<Report> {
  const collection = emptyCollection();
  const everything = input.paths.length === 0;
  if (everything) addBuiltIn(collection);
  for (const path of everything ? USUAL.filter((one) => existsSync(one)) : input.paths) {
    if (destinations.some((one) => one.slug === path) && !existsSync(path)) addBuiltIn(collection, path);
    else await collect(path, collection, input.as);
  }
  return check(collection, {
    known: destinations,
    ...(input.portable === true ? { portable: true } : {}),
    ...(input.destination === undefined ? {} : { destination: input.destination }),
  });
}

function addBuiltIn(collection: Collection, slug?: string): void {
  for (const destination of destinations) {
    if (slug !== undefined && destination.slug !== slug) continue;
    const source = { name: `${destination.slug} (built in)`, isFile: false };
    collection.modules.push({
      source,
      file: { source, faults: [], kind: undefined, value: undefined },
      destinations: [destination],
    });
  }
}
