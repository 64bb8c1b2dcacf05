import { splitKeys } from './paths.ts';

/** A part of a template: literal text, or keys to read from the scope. */
export type TemplatePart = string | readonly string[];

/**
 * Splits a template at `{{path}}` and `{{{path}}}`, which are equivalent. Triple braces take precedence. One pass,
 * whatever braces the text contains.
 */
export function parseTemplate(template: string): readonly TemplatePart[] {
  return splitAt(template, 3).flatMap((part) => (typeof part === 'string' ? splitAt(part, 2) : [part]));
}

function splitAt(text: string, braces: 2 | 3): TemplatePart[] {
  const open = '{'.repeat(braces);
  const close = '}'.repeat(braces);
  const parts: TemplatePart[] = [];
  let done = 0;
  let start = text.indexOf(open);
  while (start >= 0) {
    const inside = start + braces;
    const end = text.indexOf('}', inside);
    if (end < 0) break;
    if (end > inside && text.startsWith(close, end)) {
      if (start > done) parts.push(text.slice(done, start));
      parts.push(splitKeys(text.slice(inside, end).trim()));
      done = end + braces;
    }
    // No opening before this brace can match better, so the search continues after it.
    start = text.indexOf(open, Math.max(done, end));
  }
  if (done < text.length) parts.push(text.slice(done));
  return parts;
}
