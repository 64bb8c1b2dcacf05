import { paint } from './print.ts';

type Colour = Parameters<typeof paint>[1];

const OUTCOMES: Readonly<Record<string, Colour>> = {
  delivered: 'green',
  skipped: 'gray',
  rejected: 'red',
  waiting: 'yellow',
};

const FINDINGS: Readonly<Record<string, Colour>> = { error: 'red', warning: 'yellow' };

const CHANGES: Readonly<Record<string, Colour>> = { '+': 'green', '-': 'red', '~': 'yellow' };

/** Colours the outcomes of items: the last word of a line. */
export function colourOutcomes(text: string): string {
  return text.replaceAll(
    /(?<=: )(delivered|skipped|rejected|waiting)(?=(?: after \d+ attempts)?$)/gm,
    (word) => paint(word, OUTCOMES[word]!),
  );
}

/** Colours the severity of a finding: the word after its place. */
export function colourFindings(text: string): string {
  return text.replaceAll(/(?<=^ +(?:\d+:\d+ +)?)(error|warning)(?= )/gm, (word) =>
    paint(word, FINDINGS[word]!),
  );
}

/** Colours additions, removals and changes: the first character of a line. */
export function colourChanges(text: string): string {
  return text.replaceAll(/^[+~-](?= )/gm, (mark) => paint(mark, CHANGES[mark]!));
}
