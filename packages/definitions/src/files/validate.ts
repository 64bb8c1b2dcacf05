import { existsSync } from 'node:fs';
import type { Destination, Source } from '@waybill/core';
import { check, type Report } from '../validate/check.ts';
import { type Collection, emptyCollection } from '../validate/documents.ts';
import { builtIn, builtInSource } from '../validate/definition.ts';
import type { Kind } from '../validate/rule.ts';
import { collect, collectModule, entryOf, PathError } from './collect.ts';
import { withEvents } from './events.ts';
import type { Own } from './definition-module.ts';
import { projectOf } from './project.ts';

/** The input of a validation. */
export interface ValidateInput {
  readonly paths: readonly string[];
  readonly as?: Kind;
  readonly destination?: string;
  readonly portable?: boolean;
  /** The file of a tracking plan to check too. */
  readonly plan?: string;
  /** A file of events to check against the plan: a JSON list, or one JSON object per line. */
  readonly events?: string;
  /** Waybill's own destinations. */
  readonly own: Own;
  /** Destinations that workspaces may name in addition to Waybill's own. */
  readonly known?: readonly Destination[];
}

/** The files that are checked by default, if they exist. */
const USUAL = ['presets', 'docs', 'README.md', 'waybill.json', 'workspace.json', 'packages/destinations/src'];

/**
 * Validates the named paths. Without paths: the destinations of the package or repository in this folder, and its usual files.
 */
export async function validatePaths(input: ValidateInput): Promise<Report> {
  const collection = emptyCollection();
  const { paths, own, known = [] } = input;
  const { destinations, sources = [], processors = [] } = own;
  if (input.plan !== undefined) await collect(input.plan, collection, 'plan', own);
  const isAll = paths.length === 0 && input.plan === undefined;
  for (const path of isAll ? await usual(collection, own) : paths) {
    if (isOwn(path, own) && !existsSync(path)) addBuiltIn(collection, own, path);
    else await collect(path, collection, input.as, own);
  }
  const report = await check(collection, {
    known: [...destinations, ...known],
    sources,
    processors,
    ...(input.portable === true ? { portable: true } : {}),
    ...(input.destination === undefined ? {} : { destination: input.destination }),
  });
  if (report.problems.length === 0 && isNothing(report.checked)) {
    throw new PathError(
      `There is nothing to check in ${paths.length === 0 ? process.cwd() : paths.join(', ')}: no destination, source, preset, workspace, or marked example in a page. Name a module that exports a destination or a source, or its package.`,
    );
  }
  return input.events === undefined ? report : withEvents(report, collection, input.events);
}

async function usual(collection: Collection, own: Own): Promise<readonly string[]> {
  const folder = process.cwd();
  const project = projectOf(folder);
  if (project === 'waybill') addBuiltIn(collection, own);
  else if (project === 'package') await collectModule(entryOf(folder), collection, own);
  return USUAL.filter((one) => existsSync(one));
}

function isNothing(checked: Report['checked']): boolean {
  return Object.values(checked).every((count) => count === 0);
}

function isOwn(slug: string, { destinations, sources = [] }: Own): boolean {
  return [...destinations, ...sources].some((one) => one.slug === slug);
}

function addBuiltIn(collection: Collection, { destinations, sources = [] }: Own, slug?: string): void {
  const isMeant = (one: Destination | Source): boolean => slug === undefined || one.slug === slug;
  const name = (one: Destination | Source): string => `${one.slug} (built in)`;
  for (const one of destinations.filter(isMeant)) collection.modules.push(builtIn(name(one), one));
  for (const one of sources.filter(isMeant)) collection.modules.push(builtInSource(name(one), one));
}
