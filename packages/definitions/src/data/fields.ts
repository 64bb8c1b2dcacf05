import type { Field, Fields } from '@waybill/core';
import type { DefinitionData } from './definition.ts';
import type { Place } from '../text/place.ts';

/** A field with its place and its siblings. */
export interface PlacedField {
  readonly name: string;
  readonly field: Field;
  readonly place: Place;
  /** A setting of the destination or an audience, or a field of an action or hook. */
  readonly of: 'setting' | 'action' | 'hook';
  /** The fields of the same object. */
  readonly siblings: Fields;
  /** The fields of the enclosing objects, from the outermost in, `siblings` last. */
  readonly scopes: readonly Fields[];
}

/** Returns every field of a definition: settings, audiences, actions and their hooks, members of objects included. */
export function* allFields(definition: DefinitionData): Iterable<PlacedField> {
  yield* walk(definition.settings, ['settings'], 'setting', []);
  yield* walk(definition.audiences ?? {}, ['audiences'], 'setting', []);
  for (const [key, action] of Object.entries(definition.actions)) {
    yield* walk(action.fields, ['actions', key, 'fields'], 'action', []);
    for (const [name, hook] of Object.entries(action.hooks ?? {}))
      yield* walk(hook.fields, ['actions', key, 'hooks', name, 'fields'], 'hook', []);
  }
}

function* walk(
  fields: Fields,
  place: Place,
  of: PlacedField['of'],
  outer: readonly Fields[],
): Iterable<PlacedField> {
  const scopes = [...outer, fields];
  for (const [name, field] of Object.entries(fields)) {
    const here = [...place, name];
    yield { name, field, place: here, of, siblings: fields, scopes };
    if (field.properties !== undefined) yield* walk(field.properties, [...here, 'properties'], of, scopes);
  }
}

/** Returns the values of the choices of a field: strings, and in imported definitions numbers. */
export function choiceValues(field: Field): readonly unknown[] | undefined {
  return field.choices?.map((choice) => (typeof choice === 'string' ? choice : choice.value));
}
