import { ofOneValue, type FunctionEntry } from './function.ts';

/** The number of bytes a text takes in UTF-8. */
export function utf8Length(text: string): number {
  let bytes = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 0x80) bytes += 1;
    else if (code < 0x800) bytes += 2;
    else if (code >= 0xd800 && code <= 0xdbff && isLowSurrogate(text.charCodeAt(at + 1))) {
      bytes += 4;
      at += 1;
    } else bytes += 3;
  }
  return bytes;
}

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}

/** The function that measures a text or list. */
export const LENGTH: readonly FunctionEntry[] = [
  {
    name: 'length',
    parameters: ['value'],
    returns: 'number',
    doc: 'The bytes of a text in UTF-8, or the items of a list; 0 for null and missing, null for everything else.',
    example: 'length(properties.products) > 3',
    compile: ofOneValue((value) => {
      if (typeof value === 'string') return utf8Length(value);
      if (Array.isArray(value)) return value.length;
      return value === null || value === undefined ? 0 : null;
    }),
  },
];
