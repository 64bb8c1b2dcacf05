const OPEN = '## Unreleased';

/** The part of a changelog that stands below a heading, without the heading; undefined when the heading is not there. */
function below(text: string, heading: string): string | undefined {
  const lines = text.split('\n');
  const at = lines.findIndex((line) => line === heading || line.startsWith(`${heading} `));
  if (at === -1) return undefined;
  const end = lines.findIndex((line, index) => index > at && line.startsWith('## '));
  return lines.slice(at + 1, end === -1 ? undefined : end).join('\n');
}

/** What has changed since the last release; empty when nothing has. */
export function unreleased(text: string): string {
  const open = below(text, OPEN);
  if (open === undefined) throw new Error(`CHANGELOG.md has no section "${OPEN}".`);
  return open.trim();
}

/** What a release changed; undefined when there was none of that version. */
export function notesOf(text: string, version: string): string | undefined {
  return below(text, `## ${version}`)?.trim();
}

/** The changelog after a release: what was open stands below its version and date, and nothing is open. */
export function released(text: string, version: string, date: string): string {
  if (notesOf(text, version) !== undefined) throw new Error(`CHANGELOG.md already has ${version}.`);
  unreleased(text);
  return text.replace(OPEN, `${OPEN}\n\n## ${version} (${date})`);
}
