/** What stands where a secret stood. */
export const REDACTED = '[secret]';

/** Shorter values are not replaced: they would tear up ordinary text, and they protect nothing. */
const SHORTEST_SECRET = 4;

/** Removes secrets from text that is kept or logged. */
export interface Redactor {
  /** The text without any occurrence of a secret, as it is, or as JSON, a URL or base64 writes it. */
  text(text: string): string;
  /** The same, cut to a length, with a note of what was left out. */
  cut(text: string, length: number): string;
  /** Headers without secrets and without those that by their name carry one. */
  headers(headers: Readonly<Record<string, string>>): Record<string, string>;
  /** The same value without secrets in any of its text. */
  value(value: unknown): unknown;
}

const SECRET_HEADER = /authorization|api[-_]?key|cookie|token|secret|password|signature/i;

/** A redactor of these secrets. */
export function createRedactor(secrets: readonly string[]): Redactor {
  const needles = [
    ...new Set(secrets.filter((one) => one.length >= SHORTEST_SECRET).flatMap(spellings)),
  ].sort(
    // The longest first: one spelling can contain another.
    (a, b) => b.length - a.length,
  );
  const longest = needles[0]?.length ?? 0;
  const text = (input: string): string => {
    let output = input;
    for (const needle of needles) {
      if (output.includes(needle)) output = output.replaceAll(needle, REDACTED);
    }
    return output;
  };
  return {
    text,
    cut(input, length) {
      if (input.length <= length) {
        const clean = text(input);
        return clean.length <= length ? clean : shortened(clean.slice(0, length), input);
      }
      // Long bodies are not searched whole; the margin keeps a secret at the edge from being cut in half and missed.
      const clean = text(input.slice(0, length + longest));
      return shortened(clean.slice(0, Math.min(length, clean.length - longest)), input);
    },
    headers(headers) {
      return Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [
          name,
          SECRET_HEADER.test(name) ? REDACTED : text(value),
        ]),
      );
    },
    value(value) {
      if (value === undefined) return undefined;
      const json = JSON.stringify(value) as string | undefined;
      if (json === undefined || !needles.some((needle) => json.includes(needle))) return value;
      const clean = text(json);
      try {
        return JSON.parse(clean) as unknown;
      } catch {
        // A secret of digits that stood as a number leaves no JSON behind.
        return clean;
      }
    },
  };
}

/** The beginning of a text; a copy of it, as a part of a text keeps the whole in memory. */
function shortened(head: string, input: string): string {
  const copy = Buffer.from(head).toString();
  return `${copy}… (cut; ${input.length} characters in all)`;
}

/** How a secret may be written. */
function spellings(secret: string): string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  return [
    secret,
    json,
    // An answer may quote the request as text within its own JSON.
    JSON.stringify(json).slice(1, -1),
    encodeURIComponent(secret.toWellFormed()),
    Buffer.from(secret).toString('base64'),
    Buffer.from(`${secret}:`).toString('base64'),
  ];
}
