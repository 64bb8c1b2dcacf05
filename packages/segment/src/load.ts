import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Destination } from '@waybill/core';
import { adaptDefinition } from './adapt/destination.ts';
import type { OnTokens } from './adapt/renew.ts';
import { capabilitiesOf, type Capability, secretVariablesOf } from './capabilities.ts';
import { PATCHES } from './patches/index.ts';
import { definitionsFolder, loadModule, UpstreamMissingError } from './upstream/packages.ts';
import type { UpstreamDefinition } from './upstream/types.ts';

/** A published definition, without loading its code. */
export interface PublishedDestination {
  readonly slug: string;
  readonly name: string;
  /** Its folder in the package; also accepted as its slug. */
  readonly folder: string;
  /** Its ID in Segment's catalog. */
  readonly id: string;
  /** What it needs besides HTTP. */
  readonly needs: readonly Capability[];
  /** What Waybill corrects in it. */
  readonly patched: readonly string[];
}

/** Options of `loadDefinition`. */
export interface LoadOptions {
  /** Called when an access token was renewed: store the new tokens. */
  readonly onTokens?: OnTokens;
}

let listed: readonly PublishedDestination[] | undefined;

/**
 * Lists every published definition, from the source of the package: loading all of them takes most of a second and 150 MB.
 * Throws UpstreamMissingError when the package is not installed.
 */
export function listDefinitions(): readonly PublishedDestination[] {
  listed ??= readList(definitionsFolder());
  return listed;
}

function readList(folder: string): readonly PublishedDestination[] {
  const index = readFileSync(join(folder, 'index.js'), 'utf8');
  const registered = [...index.matchAll(/^register\('(\w+)', '\.\/([\w-]+)'\)/gm)];
  if (registered.length === 0) {
    throw new UpstreamMissingError(`The list of definitions in ${folder} cannot be read.`);
  }
  return registered.map(([, id = '', directory = '']) => {
    const { slug, name } = readNames(join(folder, directory, 'index.js'));
    const needs = capabilitiesOf(directory);
    return { slug, name, folder: directory, id, needs, patched: PATCHES[slug]?.reasons ?? [] };
  });
}

/** Reads the name and slug of a definition from its source; where they are computed, the module is loaded. */
function readNames(file: string): { readonly slug: string; readonly name: string } {
  const text = readFileSync(file, 'utf8');
  // The definition itself is indented by one level; members of its actions by more.
  const slug = /^ {4}slug: '([^']+)',?$/m.exec(text)?.[1];
  const name = /^ {4}name: (?:'([^'\\]+)'|"([^"\\]+)"),?$/m.exec(text);
  const written = name?.[1] ?? name?.[2];
  if (slug !== undefined && written !== undefined) return { slug, name: written };
  const definition = definitionIn(file);
  return { slug: definition.slug ?? '', name: definition.name };
}

/** Loads one published definition as a destination of Waybill; undefined when there is none with that slug. */
export function loadDefinition(slug: string, options: LoadOptions = {}): Destination | undefined {
  const definition = loadPublished(slug);
  if (definition === undefined) return undefined;
  const patch = PATCHES[definition.slug ?? ''];
  const folder = listDefinitions().find((one) => one.slug === slug || one.folder === slug)?.folder ?? slug;
  const variables = secretVariablesOf(folder);
  return adaptDefinition(definition, { ...options, variables, ...(patch === undefined ? {} : { patch }) });
}

/** Loads one published definition unchanged, without the others. */
export function loadPublished(slug: string): UpstreamDefinition | undefined {
  const found = listDefinitions().find((one) => one.slug === slug || one.folder === slug);
  if (found !== undefined) return definitionIn(join(definitionsFolder(), found.folder, 'index.js'));
  // A few are in the package but not in its list.
  const file = join(definitionsFolder(), slug, 'index.js');
  const known = /^[\w-]+$/.test(slug) && existsSync(file) && readdirSync(definitionsFolder()).includes(slug);
  return known ? definitionIn(file) : undefined;
}

function definitionIn(file: string): UpstreamDefinition {
  try {
    const { default: definition } = loadModule(file) as { readonly default: UpstreamDefinition };
    return definition;
  } catch (error) {
    const message = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw new UpstreamMissingError(`${file} cannot be loaded: ${message}.`, error);
  }
}
