/** A step of a guide: a marker of the page and the block after it. */
export type Step =
  | {
      readonly kind: 'run';
      readonly background: boolean;
      /** Whether the last of its commands is to fail. */
      readonly fails: boolean;
      readonly commands: readonly string[];
      readonly line: number;
    }
  | { readonly kind: 'file'; readonly path: string; readonly text: string; readonly line: number }
  /** Lines of a file and what comes in their place. */
  | {
      readonly kind: 'edit';
      readonly path: string;
      readonly before: string;
      readonly after: string;
      readonly line: number;
    }
  | { readonly kind: 'output'; readonly lines: readonly string[]; readonly line: number }
  | { readonly kind: 'page'; readonly line: number };

/**
 * Reads the steps of a guide from its markers: `<!-- run -->` before commands, `<!-- run: background -->` before a long-running one,
 * `<!-- run: fails -->` before one that ends with an error, `<!-- file: path -->` before the text of a file, `<!-- edit: path -->`
 * before a change of one, `<!-- output -->` before lines that the last commands printed, `<!-- page -->` where a person uses the
 * browser.
 */
export function readSteps(markdown: string): readonly Step[] {
  const lines = markdown.split('\n');
  const steps: Step[] = [];
  for (const [index, text] of lines.entries()) {
    const marker = /^<!-- (run|file|edit|output|page)(?:: (.+))? -->$/.exec(text);
    if (marker === null) continue;
    const [, kind, detail = ''] = marker;
    const line = index + 1;
    if (kind === 'page') {
      steps.push({ kind, line });
      continue;
    }
    const block = blockAfter(lines, index + 1);
    if (kind === 'file') steps.push({ kind, path: detail, text: `${block.join('\n')}\n`, line });
    else if (kind === 'edit') steps.push({ kind, path: detail, ...changeOf(block), line });
    else if (kind === 'output') steps.push({ kind, lines: block, line });
    else
      steps.push({
        kind: 'run',
        background: detail === 'background',
        fails: detail === 'fails',
        commands: block,
        line,
      });
  }
  return steps;
}

/** What a block of the form `diff` removes and adds; lines without a mark are unchanged. */
function changeOf(block: readonly string[]): { readonly before: string; readonly after: string } {
  const lines = (other: string): string =>
    block.flatMap((line) => (line.startsWith(other) ? [] : [`${line.slice(1)}\n`])).join('');
  return { before: lines('+'), after: lines('-') };
}

function blockAfter(lines: readonly string[], from: number): readonly string[] {
  const start = lines.findIndex((line, index) => index >= from && line.startsWith('```'));
  const end = lines.findIndex((line, index) => index > start && line === '```');
  if (start === -1 || end === -1 || start > from + 1)
    throw new Error(`Line ${from}: a marker without a block.`);
  return lines.slice(start + 1, end);
}
