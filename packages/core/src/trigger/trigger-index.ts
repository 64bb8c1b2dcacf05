import type { TriggerEvent } from './operators/function.ts';
import { compileTrigger, type TriggerDialect } from './trigger.ts';

/** One trigger to be indexed, under the id it is reported by. */
export interface TriggerEntry<Id = string> {
  readonly id: Id;
  readonly trigger: string;
  readonly dialect?: TriggerDialect | undefined;
}

/** Many triggers asked at once. */
export interface TriggerIndex<Id = string> {
  /** The ids of the triggers that the event fulfils, in the order of the entries. */
  match(event: TriggerEvent): readonly Id[];
}

/** Compiles many triggers so that one event asks only those that can match it. */
export function createTriggerIndex<Id = string>(entries: readonly TriggerEntry<Id>[]): TriggerIndex<Id> {
  const compiled = entries.map(({ id, trigger, dialect }) => ({
    id,
    test: compileTrigger(trigger, { dialect }),
  }));
  return { match: (event) => compiled.filter(({ test }) => test(event)).map(({ id }) => id) };
}
