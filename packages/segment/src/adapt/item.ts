import type { Item } from '@waybill/core';

/** A mapping, as stored. */
export type Mapping = Readonly<Record<string, unknown>>;

/**
 * An item with its mapping. Definitions read settings of the mapping that payloads lack: the sync mode, the matching key,
 * outputs of hooks, whether to batch. Items without it are sent as if the mapping had none of them.
 */
export interface MappedItem extends Item {
  readonly mapping?: Mapping;
}

const NONE: Mapping = {};

/** Returns the mapping of an item. */
export function mappingOf(item: MappedItem): Mapping {
  return item.mapping ?? NONE;
}

/** Returns the ID of the mapping of an item: the part of its key after the event's. */
export function mappingIdOf({ key, event }: MappedItem): string {
  return key.slice(event.messageId.length + 1);
}

/** Returns the context that audiences and journeys add to their events. */
export function personasOf({ event }: MappedItem): Mapping | undefined {
  return event.context?.['personas'] as Mapping | undefined;
}

/** Groups items that a definition can receive together: of one mapping and one audience. */
export function groupsOf(items: readonly MappedItem[]): readonly (readonly number[])[] {
  const groups = new Map<string, number[]>();
  for (const [index, item] of items.entries()) {
    const personas = personasOf(item);
    const id = mappingIdOf(item);
    const name = personas === undefined ? id : `${id} ${JSON.stringify(personas)}`;
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [index]);
    else group.push(index);
  }
  return [...groups.values()];
}
