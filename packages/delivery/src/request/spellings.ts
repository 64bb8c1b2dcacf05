/*
 * The spellings of text where it is stored: plain, in JSON, in a URL or form, in HTML, encoded once or repeatedly, as base64 or
 * hexadecimal digits of any surrounding text. One pattern matches every mixture of the first kinds, character by character:
 * encoders differ, and lists of whole spellings miss most of them.
 */

/** The length of the pieces of a long secret: pieces also match parts of it, and their patterns stay small. */
const PIECE = 48;
/** The maximum number of backslashes before a character: strings within strings within strings. */
const ESCAPES = String.raw`\\{1,8}`;
const ANY_ESCAPES = String.raw`\\{0,8}`;

const HTML: Readonly<Record<string, string>> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": 'apos' };
const CONTROL: Readonly<Record<string, string>> = { '\n': 'n', '\r': 'r', '\t': 't', '\b': 'b', '\f': 'f' };

/** One spelling of a secret. */
export interface Spelling {
  /** Whether the pattern is worth trying; `lower` is the text in lower case. */
  mayStandIn(text: string, lower: string, hidden: boolean): boolean;
  /** Global, and compiled on demand. */
  readonly pattern: RegExp;
}

/** Returns the spellings of a secret. */
export function spellingsOf(secret: string): readonly Spelling[] {
  return piecesOf(secret.toWellFormed()).flatMap((piece) => {
    const plain = longestRun(piece, /[a-z0-9]+/gi).toLowerCase();
    const groups = inBase64(piece);
    const starts = groups.map((one) => longestRun(one, /[a-z0-9]+/gi));
    const digits = Buffer.from(piece).toString('hex');
    return [
      spelling(
        (_text, lower, hidden) => hidden || plain.length < 3 || lower.includes(plain),
        () => new RegExp(written(piece), 'gi'),
      ),
      spelling(
        (text) => starts.some((one) => text.includes(one)),
        () => new RegExp(groups.map(withSigns).join('|'), 'g'),
      ),
      spelling(
        (_text, lower) => lower.includes(digits),
        () => new RegExp(digits, 'gi'),
      ),
    ];
  });
}

function spelling(mayStandIn: Spelling['mayStandIn'], compile: () => RegExp): Spelling {
  let pattern: RegExp | undefined;
  return {
    mayStandIn,
    get pattern() {
      pattern ??= compile();
      return pattern;
    },
  };
}

const ENCODED_PLAIN = /%(?:25){0,3}(?:3\d|[46][1-9a-f]|[57][\da])|\\(?:u00|x)[3-7]|&#/i;

/** Whether letters or digits of a string are encoded: that is unnecessary and rare, and then no part may be plain. */
export function hidesPlain(text: string): boolean {
  return (text.includes('%') || text.includes('\\') || text.includes('&')) && ENCODED_PLAIN.test(text);
}

function longestRun(text: string, runs: RegExp): string {
  return (text.match(runs) ?? []).reduce((longest, one) => (one.length > longest.length ? one : longest), '');
}

/** The pieces of a secret: its lines, because PEM keys are quoted line by line, and the strings of a credential in JSON. */
function piecesOf(secret: string): readonly string[] {
  if (secret.length <= PIECE) return [secret];
  const lines = secret.split(/[\r\n]+|\\n/).filter((line) => line.length >= 4);
  const parts = [...lines, ...membersOf(secret)].flatMap((text) => {
    const characters = [...text];
    // Of equal length: a short remainder would match ordinary text.
    const count = Math.ceil(characters.length / PIECE);
    const size = Math.ceil(characters.length / count);
    return Array.from({ length: count }, (_, at) => characters.slice(at * size, (at + 1) * size).join(''));
  });
  return [...new Set(parts)];
}

/** The parts of a JSON credential whose names imply a secret: clients use them separately. */
function membersOf(secret: string): readonly string[] {
  if (!secret.startsWith('{')) return [];
  try {
    return Object.entries(JSON.parse(secret) as Readonly<Record<string, unknown>>).flatMap(([name, value]) =>
      /key|token|secret|passw|credential/i.test(name) && typeof value === 'string' && value.length >= 4
        ? value.split(/[\r\n]+/).filter((line) => line.length >= 4)
        : [],
    );
  } catch {
    return [];
  }
}

/** The pattern of a string, plain or with any of its characters encoded. */
function written(text: string): string {
  // A run of backslashes matches as one: it is unknown how many of them are escapes.
  return text.replaceAll(/(\\+)|([^\\])/gsu, (_match, slashes: string | undefined, character: string) =>
    slashes === undefined ? oneOf(character) : backslashes(slashes.length),
  );
}

function backslashes(count: number): string {
  const hidden = `(?:${ESCAPES}(?:u00|x)5c|${percent(0x5c)}|&#(?:x0*5c|0*92);)`;
  return `(?:\\\\{${count},${8 * count}}|${hidden}{${count},${2 * count}})`;
}

function oneOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const plain = /^[a-z0-9]$/i.test(character);
  const raw = character.replace(/[^a-z0-9]/gi, (one) => `\\u${hex(one.charCodeAt(0), 4)}`);
  const forms = [
    plain || code > 127 ? raw : `${ANY_ESCAPES}${raw}`,
    [...Buffer.from(character)].map(percent).join(''),
    code < 256
      ? `${ESCAPES}(?:u00|x)${hex(code, 2)}`
      : [...Array(character.length).keys()]
          .map((at) => `${ESCAPES}u${hex(character.charCodeAt(at), 4)}`)
          .join(''),
    `&#(?:x0{0,6}${code.toString(16)}|0{0,6}${code});`,
  ];
  // Characters that URLs drop anywhere.
  if (/[\t\n\r]/.test(character)) forms.push('');
  if (character === ' ') forms.push(String.raw`\+`);
  const html = HTML[character];
  if (html !== undefined) forms.push(`(?:&|${ESCAPES}u0026)${html};`);
  const control = CONTROL[character];
  if (control !== undefined) forms.push(`${ESCAPES}${control}`);
  return `(?:${forms.join('|')})`;
}

/** A percent-encoded byte, also encoded repeatedly. */
function percent(byte: number): string {
  return `%(?:25){0,3}${hex(byte, 2)}`;
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}

/**
 * The base64 of a string inside a longer one: it may start at any of three offsets of a group, and the characters at its ends
 * depend on the adjacent text.
 */
function inBase64(text: string): readonly string[] {
  const json = JSON.stringify(text).slice(1, -1);
  const address = encodeURIComponent(text);
  const bytes = [text, json, address, address.replaceAll('%20', '+')].map((one) => Buffer.from(one));
  // As `btoa` encodes.
  if (/^[\0-\xff]*$/.test(text)) bytes.push(Buffer.from(text, 'latin1'));
  const found = bytes.flatMap((one) =>
    [0, 1, 2].map((before) => {
      const whole = Buffer.concat([Buffer.alloc(before), one])
        .toString('base64')
        .replace(/=+$/, '');
      const end = Math.floor(((before + one.length) * 8) / 6);
      return whole.slice(Math.ceil((before * 8) / 6), end);
    }),
  );
  return [...new Set(found)];
}

/** A pattern of base64, in either alphabet, in JSON or a URL. */
function withSigns(group: string): string {
  const slash = `(?:${ANY_ESCAPES}/|_|${percent(0x2f).replace('2f', '2[fF]')})`;
  const plus = `(?:[+-]|${percent(0x2b).replace('2b', '2[bB]')}|${ESCAPES}u002[bB])`;
  return group.replaceAll('/', () => slash).replaceAll('+', () => plus);
}
