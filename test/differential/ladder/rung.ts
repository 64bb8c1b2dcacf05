import type { Installed } from './install.ts';

/** What is given to the proofs. */
export interface Given {
  readonly load: Installed['load'];
  /** What was named on the command line. */
  readonly named: Readonly<Record<string, string | undefined>>;
}

/** A proof that needs what is not part of this repository. */
export interface Rung {
  readonly name: string;
  /** Installed before, `name@version`. */
  readonly packages: (named: Given['named']) => readonly string[];
  /** The option that it needs. */
  readonly needs?: string;
  /** Prints what agreed; throws when something did not. */
  run(given: Given): Promise<readonly string[]>;
}
