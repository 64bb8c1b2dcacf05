import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { definitionSchema, presetSchema } from '../data/schema.ts';
import type { Found } from './rule.ts';
import { suggest } from '@waybill/core';

type Kind = 'definition' | 'preset';

const compiled = new Map<Kind, ValidateFunction>();

/** Returns schema violations of a document, except those that other rules report better. */
export function shapeFindings(kind: Kind, value: unknown): readonly Found[] {
  const check = compiled.get(kind) ?? compile(kind);
  if (check(value)) return [];
  const found = (check.errors ?? [])
    .filter((error) => !saidElsewhere(error))
    .map((error) => finding(error, value));
  const seen = new Set<string>();
  return found.filter((one) => {
    const name = JSON.stringify([one.place, one.message]);
    return !seen.has(name) && seen.add(name);
  });
}

function compile(kind: Kind): ValidateFunction {
  const ajv = new Ajv2020({ allErrors: true, strict: false, verbose: true });
  const check = ajv.compile(kind === 'definition' ? definitionSchema() : presetSchema());
  compiled.set(kind, check);
  return check;
}

/** Other rules report missing strings, actions and choices; `if` only repeats the errors of its branch. */
function saidElsewhere(error: ErrorObject): boolean {
  const member = String(error.params['missingProperty'] ?? '');
  const isPreset = /^\/presets\/|^$/.test(error.instancePath);
  switch (error.keyword) {
    case 'if':
      return true;
    case 'minProperties':
      return true;
    case 'minItems':
      return error.instancePath.endsWith('/choices');
    case 'required':
      return !isPreset && ['label', 'description', 'title', 'fieldKey'].includes(member);
    case 'minLength':
      return /\/(?:label|description|title)$/.test(error.instancePath);
    default:
      return false;
  }
}

function finding(error: ErrorObject, root: unknown): Found {
  const place = placeOf(error.instancePath, root);
  const params = error.params as Readonly<Record<string, unknown>>;
  switch (error.keyword) {
    case 'additionalProperties': {
      const name = String(params['additionalProperty']);
      const parent = error.parentSchema as { readonly properties?: object } | undefined;
      const known = Object.keys(parent?.properties ?? {});
      return {
        place: [...place, name],
        key: true,
        message: `There is no member "${name}"${suggest(name, known)}`,
      };
    }
    case 'required': {
      const name = String(params['missingProperty']);
      return { place: [...place, name], message: `The member "${name}" is missing.` };
    }
    case 'enum': {
      const allowed = (params['allowedValues'] as readonly unknown[]).map(String);
      return {
        place,
        message: `${JSON.stringify(error.data)} is not allowed${suggest(String(error.data), allowed)}`,
      };
    }
    case 'pattern':
      return {
        place,
        message: `${JSON.stringify(error.data)} is not lower-case letters, digits and dashes.`,
      };
    case 'type': {
      const types = Array.isArray(params['type'])
        ? (params['type'] as string[]).join(' or ')
        : String(params['type']);
      return { place, message: `Must be of type ${types}.` };
    }
    case 'minLength':
      return { place, message: 'Must not be empty.' };
    default:
      return { place, message: `It ${error.message ?? 'is not valid'}.` };
  }
}

/** Converts a JSON pointer to a place, with numbers for lists. */
function placeOf(pointer: string, root: unknown): (string | number)[] {
  let at = root;
  return pointer
    .split('/')
    .slice(1)
    .map((part) => {
      const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
      const index = Array.isArray(at) ? Number(key) : key;
      at = (at as Readonly<Record<string | number, unknown>> | undefined)?.[index];
      return index;
    });
}
