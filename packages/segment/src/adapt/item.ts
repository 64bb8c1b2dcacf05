import type { Item } from '@waybill/core';

/** A mapping, as stored. */
export type Mapping = Readonly<Record<string, unknown>>;

/**
 * An item with the mapping that made it. Definitions read settings of the mapping that no payload has: the sync mode,
 * the matching key, what saved hooks returned, whether to batch. Items that come without it are sent as though the
 * mapping had none of them.
 */
export interface MappedItem extends Item {
  readonly mapping?: Mapping;
}

const NONE: Mapping = {};

/** The mapping of an item. */
export function mappingOf(item: MappedItem): Mapping {
  return item.mapping ?? NONE;
}

/** The id of the mapping of an item: the part of its key behind the event's. */
export function mappingIdOf({ key, event }: MappedItem): string {
  return key.slice(event.messageId.length + 1);
}

/** The context that audiences and journeys put on their events. */
export function personasOf({ event }: MappedItem): Mapping | undefined {
  return event.context?.['personas'] as Mapping | undefined;
}

/** Items that may be handed to a definition together: of one mapping and one audience. */
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
