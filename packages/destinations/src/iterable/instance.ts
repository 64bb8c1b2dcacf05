import { BoundedMap } from './bounded-map.ts';
import { FieldGuard } from './field-guard.ts';
import type { Context } from './settings.ts';

/** What one instance of the destination keeps between calls. All of it may be lost at any time. */
export interface Instance {
  readonly guard: FieldGuard;
  /** Users whose profile was made or found lately, and until when that is taken for true. */
  readonly knownUsers: BoundedMap<number>;
}

const MOST_KNOWN_USERS = 50_000;

// Settings are resolved once for an instance, so the object of them stands for it.
const instances = new WeakMap<object, Instance>();

/** What is kept for the instance of these settings. */
export function instanceOf({ settings }: Context): Instance {
  let instance = instances.get(settings);
  if (instance === undefined) {
    instance = { guard: new FieldGuard(settings), knownUsers: new BoundedMap(MOST_KNOWN_USERS) };
    instances.set(settings, instance);
  }
  return instance;
}
