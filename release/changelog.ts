const OPEN = '## Unreleased';

/** Returns the range of the section below a heading; undefined when the heading is missing. */
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

/** Returns the hand-written notes since the last release; empty without any. */
export function unreleased(text: string): string {
  const open = below(text, OPEN);
  if (open === undefined) throw new Error(`CHANGELOG.md has no section "${OPEN}".`);
  return open;
}

/** Returns the notes of a release; undefined for an unknown version. */
export function notesOf(text: string, version: string): string | undefined {
  return below(text, `## ${version}`);
}

/** Returns the section of a release: hand-written notes, then those of its commits. */
export function sectionOf(text: string, version: string, date: string, fromCommits: string): string {
  return joined([`## ${version} (${date})`, unreleased(text), fromCommits]);
}

/** Returns the changelog after a release: its section is closed, and nothing is open. */
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
