const OPEN = '## Unreleased';

/** Where the part below a heading begins and ends; undefined when the heading is not there. */
function rangeOf(
  lines: readonly string[],
  heading: string,
): readonly [start: number, end: number] | undefined {
  const at = lines.findIndex((line) => line === heading || line.startsWith(`${heading} `));
  if (at === -1) return undefined;
  const end = lines.findIndex((line, index) => index > at && line.startsWith('## '));
  return [at + 1, end === -1 ? lines.length : end];
}

function below(text: string, heading: string): string | undefined {
  const lines = text.split('\n');
  const range = rangeOf(lines, heading);
  return range === undefined
    ? undefined
    : lines
        .slice(...range)
        .join('\n')
        .trim();
}

/** The notes that people have written since the last release; empty when there are none. */
export function unreleased(text: string): string {
  const open = below(text, OPEN);
  if (open === undefined) throw new Error(`CHANGELOG.md has no section "${OPEN}".`);
  return open;
}

/** What a release changed; undefined when there was none of that version. */
export function notesOf(text: string, version: string): string | undefined {
  return below(text, `## ${version}`);
}

/** The section of a release: what people wrote, then what its commits say. */
export function sectionOf(text: string, version: string, date: string, fromCommits: string): string {
  return joined([`## ${version} (${date})`, unreleased(text), fromCommits]);
}

/** The changelog after a release: its section is closed, and nothing is open. */
export function released(text: string, version: string, date: string, fromCommits: string): string {
  if (notesOf(text, version) !== undefined) throw new Error(`CHANGELOG.md already has ${version}.`);
  const section = sectionOf(text, version, date, fromCommits);
  const lines = text.split('\n');
  const [start, end] = rangeOf(lines, OPEN)!;
  const [before, after] = [lines.slice(0, start), lines.slice(end)].map((part) => part.join('\n').trim());
  return `${joined([before!, section, after!])}\n`;
}

function joined(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n\n');
}
