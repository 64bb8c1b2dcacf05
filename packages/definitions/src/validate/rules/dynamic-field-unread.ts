import { type Action, type Field, type Fields, findDynamic, KEYS, suggest, VALUES } from '@waybill/core';
import type { Place } from '../../text/place.ts';
import type { Found, Rule } from '../rule.ts';

type Readers = Action['dynamicFields'];

/** Reports dynamic choices without a reader, or readers without a field. */
export const dynamicFieldUnread: Rule = {
  code: 'dynamic_field_unread',
  severity: 'warning',
  summary:
    'A field is `dynamic` and no function of `dynamicFields` reads its choices, or `dynamicFields` names a field that does not exist.',
  remedy: 'Add the function by the path of the field, or remove `dynamic`.',
  checks: {
    *definition({ code }) {
      for (const [key, { fields, dynamicFields, hooks = {} }] of Object.entries(code?.actions ?? {})) {
        yield* unread(fields, dynamicFields, ['actions', key]);
        for (const [name, hook] of Object.entries(hooks))
          yield* unread(hook.fields, hook.dynamicFields, ['actions', key, 'hooks', name]);
      }
    },
  },
};

function* unread(fields: Fields, readers: Readers = {}, place: Place): Iterable<Found> {
  const paths = [...pathsOf(fields)];
  for (const { path, field, at } of paths) {
    const isRead = [path, `${path}.${KEYS}`, `${path}.${VALUES}`].some((one) => findDynamic(readers, one));
    if (field.dynamic === true && !isRead)
      yield {
        place: [...place, 'fields', ...at, 'dynamic'],
        message: `Nothing reads the choices of "${path}".`,
      };
  }
  const known = paths.map(({ path }) => path);
  for (const path of Object.keys(readers)) {
    const name = path.replace(new RegExp(`\\.(${KEYS}|${VALUES})$`), '');
    if (known.includes(name)) continue;
    const message = `"dynamicFields" names "${path}", which is no field${suggest(name, known)}`;
    yield { place: [...place, 'fields'], message };
  }
}

/** Returns every field by the path of its reader. */
function* pathsOf(
  fields: Fields,
  before = '',
  place: Place = [],
): Iterable<{ readonly path: string; readonly field: Field; readonly at: Place }> {
  for (const [name, field] of Object.entries(fields)) {
    const [path, at] = [`${before}${name}`, [...place, name]];
    yield { path, field, at };
    yield* pathsOf(field.properties ?? {}, `${path}.`, [...at, 'properties']);
  }
}
