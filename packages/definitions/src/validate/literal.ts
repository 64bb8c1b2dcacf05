import { type Field, FORMATS, isDirective } from '@waybill/core';
import { choiceValues } from '../data/fields.ts';
import type { Place } from '../text/place.ts';

/** Why a constant is invalid for a field, and where. */
export interface Misfit {
  readonly place: Place;
  readonly message: string;
}

/**
 * Finds constants in a mapping that are invalid for the field: ignores parts that a directive makes, and null and the empty
 * string, which mean "nothing yet".
 */
export function* misfits(field: Field, value: unknown, place: Place = []): Iterable<Misfit> {
  if (value === undefined || value === null || value === '' || isDirective(value)) return;
  if (field.multiple === true && Array.isArray(value)) {
    for (const [index, one] of value.entries()) yield* single(field, one, [...place, index]);
    return;
  }
  yield* single(field, value, place);
}

function* single(field: Field, value: unknown, place: Place): Iterable<Misfit> {
  if (value === null || value === '' || isDirective(value)) return;
  const wanted = typeMisfit(field, value);
  if (wanted !== undefined) {
    yield { place, message: `${show(value)} is not ${wanted}.` };
    return;
  }
  const choices = choiceValues(field);
  if (choices !== undefined && choices.length > 0 && !choices.some((one) => String(one) === String(value))) {
    yield { place, message: `${show(value)} is not one of the choices: ${list(choices.map(String))}.` };
  }
  if (typeof value === 'string') {
    const test = field.type === 'datetime' ? 'date-like' : field.type === 'text' ? undefined : field.format;
    if (test !== undefined && field.multiple !== true && FORMATS[test]?.(value) === false) {
      yield { place, message: `${show(value)} does not have the format ${test}.` };
    }
  }
  yield* outOfBounds(field, value, place);
  if (field.properties !== undefined && typeof value === 'object') {
    for (const [name, member] of Object.entries(value)) {
      const inner = Object.hasOwn(field.properties, name) ? field.properties[name] : undefined;
      if (inner !== undefined) yield* misfits(inner, member, [...place, name]);
    }
  }
}

function* outOfBounds(field: Field, value: unknown, place: Place): Iterable<Misfit> {
  const { minimum, maximum } = field;
  const isText = typeof value === 'string' && field.type !== 'datetime';
  if ((!isText && typeof value !== 'number') || field.multiple === true) return;
  const measure = isText ? value.length : Number(value);
  const what = isText
    ? `${show(value)} has ${measure} characters; the field accepts`
    : `${measure} is out of bounds:`;
  if (minimum !== undefined && measure < minimum) yield { place, message: `${what} at least ${minimum}.` };
  if (maximum !== undefined && measure > maximum) yield { place, message: `${what} at most ${maximum}.` };
}

/** Returns the expected type when a value does not have it: `a number`. */
export function typeMisfit(field: Field, value: unknown): string | undefined {
  switch (field.type) {
    case 'string':
    case 'text':
    case 'password':
      return typeof value === 'string' ? undefined : 'text';
    case 'number':
      return typeof value === 'number' ? undefined : 'a number';
    case 'integer':
      return Number.isInteger(value) ? undefined : 'a whole number';
    case 'boolean':
      return typeof value === 'boolean' ? undefined : 'true or false';
    case 'datetime':
      return typeof value === 'string' || typeof value === 'number' ? undefined : 'a moment';
    case 'object':
      return typeof value === 'object' && !Array.isArray(value) ? undefined : 'an object';
  }
}

function show(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function list(values: readonly string[]): string {
  return values.length > 12 ? `${values.slice(0, 12).join(', ')}, …` : values.join(', ');
}
