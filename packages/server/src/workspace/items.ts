import { isDeepStrictEqual } from 'node:util';
import type { Role } from '@waybill/api';
import type {
  DestinationConfig,
  MappingConfig,
  ProcessorConfig,
  SourceConfig,
  Workspace,
} from '@waybill/core';

/*
 * The workspace as versioned items. A destination refers to the versions of its mappings and the workspace to those of
 * everything, so each gets a new version when a part does, and any version can be reassembled.
 */

/** An item at its current version. */
export interface Head {
  readonly version: number;
  /** Its content; absent: it was removed. */
  readonly value?: unknown;
}

/** The current items, by name. */
export type Heads = ReadonlyMap<string, Head>;

/** A planned write. */
export interface PlannedWrite {
  readonly name: string;
  readonly expected: number;
  /** Absent: a removal. */
  readonly value?: unknown;
}

/** An unpublished mapping. */
export interface Draft {
  /** The version of the mapping that it is based on. */
  readonly base: number;
  readonly mapping: MappingConfig;
}

/** A token of the admin API. */
export interface KeptToken {
  readonly name: string;
  readonly role: Role;
  readonly hash: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly createdBy: string;
}

/** A part of an item, by ID and version. */
export interface Part {
  readonly id: string;
  readonly version: number;
}

/** The whole workspace as an item. */
export interface WorkspaceItemValue {
  readonly $schema?: string;
  readonly sources: readonly Part[];
  readonly processors?: readonly Part[];
  readonly destinations: readonly Part[];
}

/** A destination as an item. */
export type DestinationItemValue = Omit<DestinationConfig, 'mappings'> & {
  readonly mappings?: readonly Part[];
};

/** The name of the whole workspace. */
export const WORKSPACE = 'workspace';

/** The name of the hash of the file that was applied last. */
export const FILE = 'file';

/** Half a character has no encoding. */
function encoded(id: string): string {
  return encodeURIComponent(id.toWellFormed());
}

/** Returns the name of a source: its path in the admin API. */
export function sourceName(id: string): string {
  return `sources/${encoded(id)}`;
}

/** Returns the name of a processor. */
export function processorName(id: string): string {
  return `processors/${encoded(id)}`;
}

/** Returns the name of a destination. */
export function destinationName(id: string): string {
  return `destinations/${encoded(id)}`;
}

/** Returns the name of a mapping. */
export function mappingName(destination: string, id: string): string {
  return `${destinationName(destination)}/mappings/${encoded(id)}`;
}

/** Returns the name of the draft of a mapping. */
export function draftName(destination: string, id: string): string {
  return `${mappingName(destination, id)}/draft`;
}

/** Returns the name of a token. */
export function tokenName(name: string): string {
  return `tokens/${encoded(name)}`;
}

/** Whether a name belongs to a token. */
export function isToken(name: string): boolean {
  return name.startsWith('tokens/');
}

/** Returns all tokens. */
export function tokensIn(heads: Heads): readonly KeptToken[] {
  return [...heads].flatMap(([name, { value }]) =>
    isToken(name) && value !== undefined ? [value as KeptToken] : [],
  );
}

const DRAFT = /^(destinations\/[^/]+)\/mappings\/([^/]+)\/draft$/;

/** Whether a name belongs to a source. */
export function isSource(name: string): boolean {
  return /^sources\/[^/]+$/.test(name);
}

/** Whether a name belongs to a destination. */
export function isDestination(name: string): boolean {
  return /^destinations\/[^/]+$/.test(name);
}

/** Returns the IDs of the mappings of a destination with drafts. */
export function draftsOf(heads: Heads, destination: string): readonly string[] {
  const owner = destinationName(destination);
  return [...heads].flatMap(([name, { value }]) => {
    const found = DRAFT.exec(name);
    return found?.[1] === owner && value !== undefined ? [decodeURIComponent(found[2]!)] : [];
  });
}

/** Assembles the workspace from items; an empty one from none. */
export function assemble(heads: Heads): Workspace {
  return withMappings(heads, (_part, mapping) => mapping);
}

/** The same with the version of each mapping, for outcomes. */
export function assembleVersioned(heads: Heads): Workspace {
  return withMappings(heads, ({ version }, mapping) => ({ ...mapping, version }));
}

function withMappings(heads: Heads, make: (part: Part, mapping: MappingConfig) => MappingConfig): Workspace {
  const valueOf = <T>(name: string): T => heads.get(name)?.value as T;
  const whole = valueOf<WorkspaceItemValue | undefined>(WORKSPACE) ?? { sources: [], destinations: [] };
  const { processors, ...rest } = whole;
  return {
    ...rest,
    sources: whole.sources.map(({ id }) => valueOf<SourceConfig>(sourceName(id))),
    ...(processors === undefined
      ? {}
      : { processors: processors.map(({ id }) => valueOf<ProcessorConfig>(processorName(id))) }),
    destinations: whole.destinations.map(({ id }): DestinationConfig => {
      const { mappings, ...config } = valueOf<DestinationItemValue>(destinationName(id));
      if (mappings === undefined) return config;
      const made = mappings.map((part) => make(part, valueOf<MappingConfig>(mappingName(id, part.id))));
      return { ...config, mappings: made };
    }),
  };
}

/** Returns the writes that turn the items into a workspace, without unchanged ones. */
export function writesFor(heads: Heads, next: Workspace): readonly PlannedWrite[] {
  const writes: PlannedWrite[] = [];
  const there = new Set<string>();
  const put = (name: string, value: unknown): number => {
    there.add(name);
    const head = heads.get(name);
    const expected = head?.version ?? 0;
    if (head?.value !== undefined && isDeepStrictEqual(head.value, value)) return expected;
    writes.push({ name, expected, value });
    return expected + 1;
  };
  const sources = next.sources.map((one) => ({ id: one.id, version: put(sourceName(one.id), one) }));
  const processors = next.processors?.map((one) => ({
    id: one.id,
    version: put(processorName(one.id), one),
  }));
  const destinations = next.destinations.map(({ mappings, ...config }) => {
    const parts = mappings?.map((one) => ({ id: one.id, version: put(mappingName(config.id, one.id), one) }));
    const value = parts === undefined ? config : { ...config, mappings: parts };
    return { id: config.id, version: put(destinationName(config.id), value) };
  });
  put(WORKSPACE, { ...next, sources, ...(processors === undefined ? {} : { processors }), destinations });
  for (const [name, { version, value }] of heads) {
    const stays = there.has(name) || name === FILE || isToken(name) || there.has(DRAFT.exec(name)?.[1] ?? '');
    if (value !== undefined && !stays) writes.push({ name, expected: version });
  }
  return writes;
}

/** Returns the items after writes. */
export function headsAfter(heads: Heads, writes: readonly PlannedWrite[]): Heads {
  const next = new Map(heads);
  for (const { name, expected, value } of writes) {
    next.set(name, value === undefined ? { version: expected + 1 } : { version: expected + 1, value });
  }
  return next;
}
