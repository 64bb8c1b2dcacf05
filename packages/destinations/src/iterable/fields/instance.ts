import { type InstanceState, volatileState } from '@waybill/core';

import { BoundedMap } from '../../bounded-map.ts';
import type { Context, Settings } from '../settings.ts';
import { FieldGuard } from './guard.ts';

const MOST_KNOWN_USERS = 50_000;

/** What one instance of the destination knows between calls. */
class Instance {
  readonly guard: FieldGuard;
  /** Users whose profile was made or found lately, and until when that is taken for true. */
  readonly knownUsers = new BoundedMap<number>(MOST_KNOWN_USERS);

  constructor(settings: Settings, state: InstanceState) {
    this.guard = new FieldGuard(settings, state);
  }
}

/** Opens an instance over what it has kept: the field types that it has learned. */
export function openInstance(settings: Settings, state: InstanceState): Instance {
  return new Instance(settings, state);
}

// Without an engine that opens instances, the object of the settings stands for one.
const instances = new WeakMap<object, Instance>();

/** The instance that a call is for. */
export function instanceOf({ settings, instance }: Context): Instance {
  if (instance instanceof Instance) return instance;
  let known = instances.get(settings);
  if (known === undefined) instances.set(settings, (known = openInstance(settings, volatileState())));
  return known;
}
