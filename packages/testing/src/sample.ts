import type { Field, Fields } from '@waybill/core';

/** The secret in sample settings; if it appears in a record, that is a leak. */
export const SAMPLE_SECRET = 'sample-secret-c0ffee';

/** Which fields a sample fills. */
export type SampleSize = 'minimal' | 'full';

/** Returns sample values for the required fields, or for all. Deterministic. */
export function sampleValues(fields: Fields, size: SampleSize): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(fields)) {
    if (size === 'full' || field.required === true) values[name] = sampleValue(name, field, size);
  }
  return values;
}

/** Returns sample settings for a destination: the required ones without a default. */
export function sampleSettings(fields: Fields): Record<string, unknown> {
  const without = Object.entries(fields).filter(([, field]) => field.default === undefined);
  return sampleValues(Object.fromEntries(without), 'minimal');
}

function sampleValue(name: string, field: Field, size: SampleSize): unknown {
  const one = sampleOne(name, field, size);
  return field.multiple === true ? [one] : one;
}

function sampleOne(name: string, field: Field, size: SampleSize): unknown {
  const [choice] = field.choices ?? [];
  if (choice !== undefined) return typeof choice === 'string' ? choice : choice.value;
  switch (field.type) {
    case 'boolean':
      return true;
    case 'integer':
    case 'number':
      return Math.min(Math.max(1, field.minimum ?? 1), field.maximum ?? 1_000);
    case 'datetime':
      return '2026-01-15T12:00:00.000Z';
    case 'password':
      return SAMPLE_SECRET;
    case 'object':
      return field.properties === undefined ? { key: 'value' } : sampleValues(field.properties, size);
    case 'string':
    case 'text':
      return sampleText(name, field);
  }
}

const BY_FORMAT: Readonly<Partial<Record<NonNullable<Field['format']>, string>>> = {
  date: '2026-01-15',
  time: '12:00:00Z',
  'date-time': '2026-01-15T12:00:00.000Z',
  uri: 'https://destination.example',
  'uri-reference': '/path',
  'uri-template': 'https://destination.example/{id}',
  email: 'ada@example.com',
  hostname: 'destination.example',
  ipv4: '203.0.113.7',
  ipv6: '2001:db8::7',
  regex: '^a+$',
  uuid: '6f1f3b3e-9f9b-4b0e-8a53-0f2f1a4b7c11',
  password: SAMPLE_SECRET,
};

/** Names indicate the meaning of strings without a format. */
function sampleText(name: string, field: Field): string {
  const formatted = field.format === undefined ? undefined : BY_FORMAT[field.format];
  if (formatted !== undefined) return formatted;
  const plain = /e-?mail/i.test(name)
    ? 'ada@example.com'
    : /phone/i.test(name)
      ? '+14155550123'
      : /url$/i.test(name)
        ? 'https://destination.example'
        : /^user_?id$/i.test(name)
          ? 'user-1'
          : name;
  return plain.padEnd(field.minimum ?? 0, 'x').slice(0, field.maximum ?? plain.length);
}
