import { hidesPlain, type Spelling, spellingsOf } from './spellings.ts';

/** The replacement of a secret. */
export const REDACTED = '[secret]';

/** Shorter values are not replaced: they occur in ordinary text, and protect nothing. */
const SHORTEST_SECRET = 4;

/** The number of characters searched beyond a cut: more than any spelling of one piece of a secret. */
const MARGIN = 2_048;

/** Removes secrets from text that is stored or logged. */
export interface Redactor {
  /** Returns the text without secrets, in any spelling. */
  text(text: string): string;
  /** The same, cut to a length, with a note of what was left out: how much it was in all. */
  cut(text: string, length: number, all?: string): string;
  /** Returns headers without secrets, and without headers whose name implies one. */
  headers(headers: Readonly<Record<string, string>>): Record<string, string>;
  /** Returns the value without secrets in its strings. */
  value(value: unknown): unknown;
}

const SECRET_HEADER =
  /authorization|api[-_]?key|access[-_]?key|auth[-_]|cookie|token|secret|passw|signature|credential|session/i;

/** The names of secrets in OAuth, in JSON, forms and URLs. They are created at run time, so that no setting contains them. */
const BY_NAME =
  /((?:access_?token|refresh_?token|id_?token|client_?secret|client_?assertion)(?:\\{0,8}["']\s*:\s*\\{0,8}["']|=|%3D))((?:[^"'&\\\s]|\\{1,8}[^"'&\\\s])+)/gi;

const NAMES = ['token', 'secret', 'assertion'] as const;

/** Creates a redactor of these secrets. */
export function createRedactor(secrets: readonly string[]): Redactor {
  const long = secrets.map((one) => one.trim()).filter((one) => one.length >= SHORTEST_SECRET);
  const spellings = [...new Set(long)].filter((one) => !REDACTED.includes(one)).flatMap(spellingsOf);
  const text = (input: string): string => {
    if (input.length < SHORTEST_SECRET) return input;
    const lower = input.toLowerCase();
    const clean = withoutRanges(input, lower, spellings);
    return NAMES.some((one) => lower.includes(one)) ? clean.replace(BY_NAME, `$1${REDACTED}`) : clean;
  };
  const value = (input: unknown): unknown => {
    if (typeof input === 'string') return text(input);
    if (typeof input === 'number' || typeof input === 'bigint') {
      const written = String(input);
      return text(written) === written ? input : REDACTED;
    }
    if (typeof input !== 'object' || input === null) return input;
    if (Array.isArray(input)) return input.map(value);
    return Object.fromEntries(Object.entries(input).map(([name, member]) => [text(name), value(member)]));
  };
  return {
    text,
    cut(input, length, all = `${input.length} characters`) {
      // Long bodies are not searched whole; the margin keeps a secret at the edge from being cut in half and missed.
      const whole = input.length <= length + MARGIN;
      const clean = text(whole ? input : input.slice(0, length + MARGIN));
      const room = whole ? length : Math.min(length, clean.length - MARGIN);
      return whole && clean.length <= length && input.length <= length
        ? clean
        : shortened(clean.slice(0, room), all);
    },
    headers(headers) {
      return Object.fromEntries(
        Object.entries(headers).map(([name, one]) => [name, SECRET_HEADER.test(name) ? REDACTED : text(one)]),
      );
    },
    value(input) {
      const json = JSON.stringify(input) as string | undefined;
      return json === undefined || text(json) === json ? input : value(JSON.parse(json));
    },
  };
}

/** Replaces every range that a pattern matches; adjacent ranges become one. */
function withoutRanges(text: string, lower: string, spellings: readonly Spelling[]): string {
  const ranges: [from: number, to: number][] = [];
  const hidden = hidesPlain(text);
  for (const spelling of spellings) {
    if (!spelling.mayStandIn(text, lower, hidden)) continue;
    const { pattern } = spelling;
    pattern.lastIndex = 0;
    for (let match = pattern.exec(text); match !== null; match = pattern.exec(text))
      ranges.push([match.index, match.index + match[0].length]);
  }
  if (ranges.length === 0) return text;
  ranges.sort(([a], [b]) => a - b);
  let clean = '';
  let end = -TOUCHING - 1;
  for (const [from, to] of ranges) {
    if (from > end + TOUCHING) clean += text.slice(Math.max(end, 0), from) + REDACTED;
    end = Math.max(end, to);
  }
  return clean + text.slice(end);
}

/** Two pieces of a secret in base64 share up to two characters. */
const TOUCHING = 2;

/** Copies the beginning of a string: a slice would keep the whole in memory. */
function shortened(head: string, all: string): string {
  const copy = Buffer.from(head).toString();
  return `${copy}… (cut; ${all} in all)`;
}
