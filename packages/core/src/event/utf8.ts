/** Counts the bytes of a string in UTF-8. */
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

/** Counts the bytes of plain data as JSON, without creating the string. Stops counting above `most`. */
export function jsonBytes(value: unknown, most: number = Number.POSITIVE_INFINITY): number {
  switch (typeof value) {
    case 'string':
      return textBytes(value);
    case 'number':
      return numberBytes(value);
    case 'boolean':
      return value ? 4 : 5;
    case 'object':
      if (value === null) return 4;
      if (Array.isArray(value)) return listBytes(value, most);
      return 'toJSON' in value ? otherBytes(value) : objectBytes(value as Record<string, unknown>, most);
    default:
      return otherBytes(value);
  }
}

function objectBytes(value: Record<string, unknown>, most: number): number {
  let bytes = 1;
  for (const key in value) {
    if (!Object.hasOwn(value, key)) continue;
    const member = value[key];
    // Plus the name, the colon, and the comma or brace after it.
    if (typeof member === 'string') bytes += textBytes(key) + textBytes(member) + 2;
    else if (!isLeftOut(member)) bytes += textBytes(key) + jsonBytes(member, most - bytes) + 2;
    if (bytes > most) break;
  }
  return Math.max(2, bytes);
}

function listBytes(list: readonly unknown[], most: number): number {
  let bytes = 2 + Math.max(0, list.length - 1);
  for (let at = 0; at < list.length; at += 1) {
    const member = list[at];
    // A list writes null for what an object leaves out.
    bytes += isLeftOut(member) ? 4 : jsonBytes(member, most - bytes);
    if (bytes > most) break;
  }
  return bytes;
}

function isLeftOut(value: unknown): boolean {
  return value === undefined || typeof value === 'function' || typeof value === 'symbol';
}

function textBytes(text: string): number {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 0x20 || code > 0x7e || code === 0x22 || code === 0x5c) return at + oddTextBytes(text, at);
  }
  return text.length + 2;
}

/** The same for the rest of a string that is not pure ASCII. */
function oddTextBytes(text: string, from: number): number {
  let bytes = 2;
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 0x80) bytes += code >= 0x20 && code !== 0x22 && code !== 0x5c ? 1 : escapedBytes(code);
    else if (code < 0x800) bytes += 2;
    else if (code < 0xd800 || code > 0xdfff) bytes += 3;
    else if (code <= 0xdbff && isLowSurrogate(text.charCodeAt(at + 1))) {
      bytes += 4;
      at += 1;
      // A lone surrogate is written as an escape.
    } else bytes += 6;
  }
  return bytes;
}

function escapedBytes(code: number): number {
  return code === 0x22 || code === 0x5c || (code >= 8 && code <= 13 && code !== 11) ? 2 : 6;
}

function numberBytes(value: number): number {
  if ((value | 0) === value && value >= 0 && value < 100) return value < 10 ? 1 : 2;
  return Number.isFinite(value) ? String(value).length : 4;
}

function otherBytes(value: unknown): number {
  return utf8Length((JSON.stringify(value) as string | undefined) ?? '');
}
