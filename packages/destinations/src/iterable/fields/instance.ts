import { type InstanceState, volatileState } from '@waybill/core';

import { BoundedMap } from '../../bounded-map.ts';
import type { Context, Settings } from '../settings.ts';
import { FieldGuard } from './guard.ts';

const MOST_KNOWN_USERS = 50_000;

/** The state of an instance of the destination between calls. */
class Instance {
  readonly guard: FieldGuard;
  /** Users whose profile was created or found recently, and until when that is assumed. */
  readonly knownUsers = new BoundedMap<number>(MOST_KNOWN_USERS);

  constructor(settings: Settings, state: InstanceState) {
    this.guard = new FieldGuard(settings, state);
  }
}

/** Opens an instance with its stored state: the learned field types. */
export function openInstance(settings: Settings, state: InstanceState): Instance {
  return new Instance(settings, state);
}

// Without an engine that opens instances, the settings object identifies one.
const instances = new WeakMap<object, Instance>();

/** Returns the instance of a call. */
export function instanceOf({ settings, instance }: Context): Instance {
  if (instance instanceof Instance) return instance;
  let known = instances.get(settings);
  if (known === undefined) instances.set(settings, (known = openInstance(settings, volatileState())));
  return known;
}
