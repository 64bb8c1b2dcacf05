import type { Found, Rule } from '../rule.ts';
import { isDirective, suggest } from '@waybill/core';

const MOST = 3;

/** Reports invalid batch keys. */
export const batchKeysInvalid: Rule = {
  code: 'batch_keys_invalid',
  severity: 'error',
  summary: `\`batch_keys\` names more than ${MOST} fields, a field that does not exist, itself, or the same field twice.`,
  remedy: `Name up to ${MOST} other fields of the action, as a list of strings.`,
  checks: {
    *definition({ definition }) {
      for (const [key, { fields }] of Object.entries(definition.actions)) {
        const field = fields['batch_keys'];
        if (field === undefined) continue;
        const known = Object.keys(fields).filter((name) => name !== 'batch_keys');
        yield* check(field.default, known, ['actions', key, 'fields', 'batch_keys', 'default']);
      }
    },
  },
};

function* check(keys: unknown, known: readonly string[], place: Found['place']): Iterable<Found> {
  if (keys === undefined || keys === null || isDirective(keys)) return;
  if (!Array.isArray(keys)) {
    yield { place, message: 'The keys are not a list.' };
    return;
  }
  if (keys.length > MOST) yield { place, message: `There are ${keys.length} keys; the maximum is ${MOST}.` };
  for (const [index, name] of keys.entries()) {
    const at = [...place, index];
    if (name === 'batch_keys') yield { place: at, message: '`batch_keys` cannot name itself.' };
    else if (keys.indexOf(name) < index) yield { place: at, message: `"${String(name)}" is named twice.` };
    else if (typeof name !== 'string' || !known.includes(name)) {
      yield {
        place: at,
        message: `The action has no field "${String(name)}"${suggest(String(name), known)}`,
      };
    }
  }
}
