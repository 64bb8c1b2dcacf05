/*
 * PostgreSQL strings cannot contain the character 0, but user data may. It is written as the characters 1 1, and the character
 * 1 as 1 2: strings keep their order, and all others are unchanged.
 */

const ESCAPE = '\u0001';

/** Encodes a value for the server. */
export function encode(value: unknown): unknown {
  if (typeof value === 'string') return encodeText(value);
  if (Array.isArray(value)) return value.map(encode);
  // The client sends the bytes of arrays as separate strings only when they are Buffers.
  if (value instanceof Uint8Array && !Buffer.isBuffer(value))
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  return value;
}

/** Decodes a row from the server. */
export function decode<Row extends object>(row: Row): Row {
  for (const [name, value] of Object.entries(row))
    if (typeof value === 'string' && value.includes(ESCAPE))
      (row as Record<string, unknown>)[name] = decodeText(value);
  return row;
}

function encodeText(text: string): string {
  if (!text.includes('\0') && !text.includes('\u0001')) return text;
  return text.replaceAll('\u0001', '\u0001\u0002').replaceAll('\0', '\u0001\u0001');
}

/** Decodes a string from the server. */
export function decodeText(text: string): string {
  if (!text.includes(ESCAPE)) return text;
  return text
    .split('\u0001\u0001')
    .map((part) => part.replaceAll('\u0001\u0002', '\u0001'))
    .join('\0');
}
