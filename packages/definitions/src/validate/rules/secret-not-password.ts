import type { Field } from '@waybill/core';
import type { Rule } from '../rule.ts';

/** Reports a secret that would be stored and shown in plain text. */
export const secretNotPassword: Rule = {
  code: 'secret_not_password',
  severity: 'error',
  summary:
    'The name of a setting says that it is a secret (key, token, secret, password, passphrase, code), but its type is not `password`.',
  remedy:
    'Set its type to `password`, so that it is encrypted at rest and never shown; or rename it if it is not a secret.',
  checks: {
    *definition({ definition }) {
      for (const [name, field] of Object.entries(definition.settings)) {
        const word = isAbout(field.label ?? '') ? undefined : secretWord(name);
        if (word === undefined || field.type === 'password' || !couldHoldSecret(field)) continue;
        yield {
          place: ['settings', name, 'type'],
          message: `"${name}" sounds like a secret ("${word}") and is of type ${field.type}.`,
        };
      }
    },
  },
};

const SECRETS = new Set(['key', 'token', 'secret', 'password', 'passphrase', 'code', 'apikey', 'accesskey']);
/** Words before which the name describes something about a secret: `keyId`, `tokenUrl`. */
const ABOUT = new Set([
  ...['id', 'ids', 'name', 'url', 'uri', 'endpoint', 'type', 'header', 'prefix', 'field', 'column', 'path'],
  ...['format', 'length', 'region', 'location', 'expiry', 'attribute', 'property', 'alias', 'sid'],
]);
/** Words after which the name is of something public: `countryCode`, `publicKey`. */
const PUBLIC = new Set([
  ...['public', 'country', 'currency', 'language', 'postal', 'zip', 'area', 'dial', 'dialing', 'region'],
  ...['locale', 'error', 'status', 'tracking', 'product', 'pixel', 'primary', 'foreign', 'sort', 'partition'],
  ...['storefront', 'image'],
]);

function secretWord(name: string): string | undefined {
  const words = name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.toLowerCase())
    .filter((word) => word !== '');
  if (ABOUT.has(words.at(-1) ?? '') || words.includes('public')) return undefined;
  return words.find((word, index) => SECRETS.has(word) && !PUBLIC.has(words[index - 1] ?? ''));
}

/** Whether a label shows that the value is not a secret: "Key column", "Name of the project". */
function isAbout(label: string): boolean {
  const words = label.toLowerCase().split(/\s+/);
  return [words[0], words.at(-1)].some((word) => word !== undefined && ABOUT.has(word));
}

/** A boolean or a choice is not a secret. */
function couldHoldSecret(field: Field): boolean {
  return (field.type === 'string' || field.type === 'text') && field.choices === undefined;
}
