import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The marker of a block: how to run it. */
export type Marker =
  | { readonly kind: 'run' }
  /** A separate test reads the commands of the page. */
  | { readonly kind: 'by'; readonly file: string }
  | { readonly kind: 'not'; readonly why: string };

/** A block of commands in a page. */
export interface CommandBlock {
  readonly page: string;
  readonly line: number;
  /** Without comments; continued lines are one command. */
  readonly commands: readonly string[];
  /** Undefined: the page does not say. */
  readonly marker: Marker | undefined;
}

const FENCE = /^```sh$/;

/** The pages that people read, by their paths below the repository. */
export function pagesOf(root: string): readonly string[] {
  const docs = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`);
  const packages = readdirSync(join(root, 'packages')).map((name) => `packages/${name}/README.md`);
  return ['README.md', 'CONTRIBUTING.md', ...docs.sort(), ...packages];
}

/** The `sh` blocks of a page, each with the marker before it: `<!-- run -->`, `<!-- run by: file -->` or `<!-- not run: reason -->`. */
export function commandBlocks(root: string, page: string): readonly CommandBlock[] {
  const lines = readFileSync(join(root, page), 'utf8').split('\n');
  return lines.flatMap((text, at) => {
    if (!FENCE.test(text)) return [];
    const end = lines.indexOf('```', at);
    const before = lines[at - 1] === '' ? lines[at - 2] : lines[at - 1];
    const commands = commandsOf(lines.slice(at + 1, end));
    return [{ page, line: at + 1, commands, marker: markerIn(before ?? '') }];
  });
}

function commandsOf(lines: readonly string[]): readonly string[] {
  return lines
    .map((line) => line.replace(/ {2,}# .*$/, ''))
    .join('\n')
    .replaceAll(/ \\\n\s*/g, ' ')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function markerIn(line: string): Marker | undefined {
  const [, name, detail = ''] = /^<!-- (run|run by|not run)(?:: (.+))? -->$/.exec(line) ?? [];
  switch (name) {
    case 'run':
      return { kind: 'run' };
    case 'run by':
      return { kind: 'by', file: detail };
    case 'not run':
      return { kind: 'not', why: detail };
    default:
      return undefined;
  }
}
