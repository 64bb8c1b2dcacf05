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

/** Colours the outcomes of items: the last word of their lines. */
export function colourOutcomes(text: string): string {
  return text.replaceAll(
    /(?<=: )(delivered|skipped|rejected|waiting)(?=(?: after \d+ attempts)?$)/gm,
    (word) => paint(word, OUTCOMES[word]!),
  );
}

/** Colours how bad a finding is: the word behind its place. */
export function colourFindings(text: string): string {
  return text.replaceAll(/(?<=^ +(?:\d+:\d+ +)?)(error|warning)(?= )/gm, (word) =>
    paint(word, FINDINGS[word]!),
  );
}

/** Colours what is added, removed and changed: the first character of its line. */
export function colourChanges(text: string): string {
  return text.replaceAll(/^[+~-](?= )/gm, (mark) => paint(mark, CHANGES[mark]!));
}
