import type { Definition, Shape } from '@waybill/api';
import type { MappingConfig } from '@waybill/core';
import { MODE } from '../../editor/config.ts';

/** Returns a free ID: the wanted one, or with a number. */
export function free(wanted: string, taken: readonly string[]): string {
  for (let number = 1; ; number += 1) {
    const id = number === 1 ? wanted : `${wanted}-${number}`;
    if (!taken.includes(id)) return id;
  }
}

/** Converts a name to an ID: `Order Completed` as `order-completed`. */
function idOf(name: string): string {
  const id = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  return id === '' ? 'mapping' : id;
}

/** Creates a mapping from a preset, which it keeps as its base. */
export function fromPreset(slug: string): MappingConfig {
  return { id: slug, preset: slug };
}

/** Creates a mapping from an action: with its defaults, for its events or those of one name. */
export function fromAction(
  action: Definition['actions'][number],
  seen?: Pick<Shape, 'type' | 'event'>,
): MappingConfig {
  const defaults = Object.entries(action.fields).filter(([, field]) => field.default !== undefined);
  const mode = action.syncMode?.default;
  const name = seen === undefined || seen.event === '' ? action.title : seen.event;
  return {
    id: idOf(name),
    name,
    action: action.key,
    trigger: seen === undefined ? (action.defaultTrigger ?? 'type = "track"') : triggerFor(seen),
    mapping: {
      ...Object.fromEntries(defaults.map(([key, field]) => [key, field.default])),
      ...(mode === undefined ? {} : { [MODE]: mode }),
    },
  };
}

function triggerFor({ type, event }: Pick<Shape, 'type' | 'event'>): string {
  const kind = `type = ${JSON.stringify(type)}`;
  if (event === '') return kind;
  return `${kind} and ${type === 'track' ? 'event' : 'name'} = ${JSON.stringify(event)}`;
}
