import type { WorkspaceStore, WorkspaceVersion } from '@waybill/delivery';
import type { SecretBox } from '../keys.ts';
import {
  type DestinationItemValue,
  destinationName,
  isDestination,
  mappingName,
  type Part,
  processorName,
  sourceName,
  WORKSPACE,
  type WorkspaceItemValue,
} from './items.ts';

/** A version with its content, without secrets. */
export interface FullVersion extends WorkspaceVersion {
  /** Absent when it was removed, or is beyond the retention of history. */
  readonly content?: unknown;
}

/** The history of the workspace. */
export interface History extends Pick<WorkspaceStore, 'versions' | 'changes'> {
  /** Returns one version, assembled from its parts; undefined when it is not stored. */
  version(name: string, version: number): Promise<FullVersion | undefined>;
}

type Parts = readonly unknown[] | undefined;

/** Creates the history of a store. */
export function createHistory(store: WorkspaceStore, box: SecretBox): History {
  const read = async (name: string, version: number): Promise<FullVersion | undefined> => {
    const found = await store.version(name, version);
    if (found === undefined) return undefined;
    const { record, ...rest } = found;
    return record === undefined ? rest : { ...rest, content: JSON.parse(box.open(record)) as unknown };
  };
  /** Undefined when any part is missing: a partial item must not look complete. */
  const all = async (parts: readonly Promise<unknown>[]): Promise<Parts> => {
    const found = await Promise.all(parts);
    return found.includes(undefined) ? undefined : found;
  };
  const contentOf = async (name: string, version: number): Promise<unknown> => {
    const found = await read(name, version);
    return found?.content === undefined ? undefined : whole(name, found.content);
  };
  const whole = async (name: string, content: unknown): Promise<unknown> => {
    if (name === WORKSPACE) {
      const value = content as WorkspaceItemValue;
      const partsOf = (parts: readonly Part[], nameOf: (id: string) => string): Promise<Parts> =>
        all(parts.map((one) => contentOf(nameOf(one.id), one.version)));
      const sources = await partsOf(value.sources, sourceName);
      const processors = await partsOf(value.processors ?? [], processorName);
      const destinations = await partsOf(value.destinations, destinationName);
      if (sources === undefined || processors === undefined || destinations === undefined) return undefined;
      return { ...value, sources, ...(value.processors === undefined ? {} : { processors }), destinations };
    }
    if (!isDestination(name)) return content;
    const value = content as DestinationItemValue;
    if (value.mappings === undefined) return value;
    const mappings = await all(
      value.mappings.map((one) => contentOf(mappingName(value.id, one.id), one.version)),
    );
    return mappings === undefined ? undefined : { ...value, mappings };
  };
  return {
    versions: (name, page) => store.versions(name, page),
    changes: (page) => store.changes(page),
    async version(name, version) {
      const found = await read(name, version);
      if (found?.content === undefined) return found;
      const { content, ...rest } = found;
      const made = await whole(name, content);
      return made === undefined ? rest : { ...rest, content: made };
    },
  };
}
