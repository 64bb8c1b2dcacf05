import { CommandFailure, EXIT } from '../output/exit.ts';

/** The spellings of a name, by naming convention. */
export interface Names {
  /** `Add Tag`. */
  readonly title: string;
  /** `addTag`. */
  readonly key: string;
  /** `add-tag`. */
  readonly file: string;
}

/** Returns the spellings of a name in any of them. Throws a CommandFailure for a name without letters. */
export function namesOf(given: string): Names {
  const words = given
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '');
  if (!/^[A-Za-z]/.test(words[0] ?? '')) {
    throw new CommandFailure(
      `"${given}" cannot be a name: it must begin with a letter from A to Z.`,
      EXIT.usage,
    );
  }
  const upper = words.map((word) => `${word[0]!.toUpperCase()}${word.slice(1)}`);
  return {
    title: upper.join(' '),
    key: [words[0]!.toLowerCase(), ...upper.slice(1)].join(''),
    file: words.join('-').toLowerCase(),
  };
}
