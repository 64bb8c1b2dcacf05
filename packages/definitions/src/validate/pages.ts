import type { ExampleSubject, Kind } from './rule.ts';
import type { Source } from '../text/source.ts';

/** A fenced block of a page that is marked as runnable, or is a document of a known kind. */
export type Block =
  | { readonly kind: 'example'; readonly subject: ExampleSubject }
  | { readonly kind: Exclude<Kind, 'metadata'>; readonly text: string; readonly above: number };

const FENCE = /^([ \t]*)(`{3,}|~{3,})[ \t]*([^\n`]*)\n([\s\S]*?)^[ \t]*\2[ \t]*$/gm;

/**
 * Returns the fenced blocks of a Markdown page to check: `json mapping`, `json trigger`, `trigger`, `json preset`,
 * `json definition`, `json workspace`, and any `json` block whose `$schema` names one of our documents.
 */
export function* blocksOf(name: string, text: string): Iterable<Block> {
  for (const found of text.matchAll(FENCE)) {
    const [, , , info = '', body = ''] = found;
    const [language = '', mark = ''] = info.trim().split(/\s+/);
    const above = text.slice(0, found.index).split('\n').length;
    const source: Source = { name, isFile: true, text: body, above };
    if (language === 'trigger' || (language === 'json' && mark === 'trigger')) {
      yield { kind: 'example', subject: { source, language: 'trigger', text: body } };
    } else if (language === 'json' && mark === 'mapping') {
      yield { kind: 'example', subject: { source, language: 'mapping', text: body } };
    } else if (language === 'json') {
      const kind =
        kindOf(mark) ?? kindOf(/"\$schema"\s*:\s*"[^"]*schemas\/(\w+)\.json"/.exec(body)?.[1] ?? '');
      if (kind !== undefined) yield { kind, text: body, above };
    }
  }
}

function kindOf(word: string): Exclude<Kind, 'metadata'> | undefined {
  return word === 'workspace' || word === 'preset' || word === 'definition' ? word : undefined;
}
