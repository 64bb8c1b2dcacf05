import { splitKeys } from './paths.ts';

/** A template taken apart: text stays as it is, keys are read from the scope. */
export type TemplatePart = string | readonly string[];

/**
 * Takes a template apart at `{{path}}` and `{{{path}}}`, which mean the same. Triple braces are found first, then double
 * ones in what is left. One pass over the text, whatever braces it holds.
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
    // No opening between here and the brace found can do better, so the search continues behind it.
    start = text.indexOf(open, Math.max(done, end));
  }
  if (done < text.length) parts.push(text.slice(done));
  return parts;
}
