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
 * The workspace as items that have versions. A destination names the versions of its mappings and the workspace those of
 * everything, so each has a new version when a part of it has one, and any version can be put together again.
 */

/** Something at its present version. */
export interface Head {
  readonly version: number;
  /** What it is; absent: it was removed. */
  readonly value?: unknown;
}

/** What there is, by name. */
export type Heads = ReadonlyMap<string, Head>;

/** A write that is to come. */
export interface PlannedWrite {
  readonly name: string;
  readonly expected: number;
  /** Absent: it is removed. */
  readonly value?: unknown;
}

/** A mapping that does not run yet. */
export interface Draft {
  /** The version of the mapping that it was made from. */
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

/** A part of something, by its id and version. */
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

/** The name of a source: as the admin API addresses it. */
export function sourceName(id: string): string {
  return `sources/${encoded(id)}`;
}

/** The name of a processor. */
export function processorName(id: string): string {
  return `processors/${encoded(id)}`;
}

/** The name of a destination. */
export function destinationName(id: string): string {
  return `destinations/${encoded(id)}`;
}

/** The name of a mapping. */
export function mappingName(destination: string, id: string): string {
  return `${destinationName(destination)}/mappings/${encoded(id)}`;
}

/** The name of the draft of a mapping. */
export function draftName(destination: string, id: string): string {
  return `${mappingName(destination, id)}/draft`;
}

/** The name of a token. */
export function tokenName(name: string): string {
  return `tokens/${encoded(name)}`;
}

/** Whether it is the name of a token. */
export function isToken(name: string): boolean {
  return name.startsWith('tokens/');
}

/** The tokens there are. */
export function tokensIn(heads: Heads): readonly KeptToken[] {
  return [...heads].flatMap(([name, { value }]) =>
    isToken(name) && value !== undefined ? [value as KeptToken] : [],
  );
}

const DRAFT = /^(destinations\/[^/]+)\/mappings\/([^/]+)\/draft$/;

/** Whether it is the name of a source. */
export function isSource(name: string): boolean {
  return /^sources\/[^/]+$/.test(name);
}

/** Whether it is the name of a destination. */
export function isDestination(name: string): boolean {
  return /^destinations\/[^/]+$/.test(name);
}

/** The ids of the mappings of a destination that have drafts. */
export function draftsOf(heads: Heads, destination: string): readonly string[] {
  const owner = destinationName(destination);
  return [...heads].flatMap(([name, { value }]) => {
    const found = DRAFT.exec(name);
    return found?.[1] === owner && value !== undefined ? [decodeURIComponent(found[2]!)] : [];
  });
}

/** The workspace that items make; an empty one of none. */
export function assemble(heads: Heads): Workspace {
  return withMappings(heads, (_part, mapping) => mapping);
}

/** The same with the version of each mapping, for what it does to be told by. */
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

/** The writes that make the items those of a workspace. What does not change is not written. */
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

/** The items after writes. */
export function headsAfter(heads: Heads, writes: readonly PlannedWrite[]): Heads {
  const next = new Map(heads);
  for (const { name, expected, value } of writes) {
    next.set(name, value === undefined ? { version: expected + 1 } : { version: expected + 1, value });
  }
  return next;
}
