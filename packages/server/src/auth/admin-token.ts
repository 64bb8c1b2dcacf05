import { join } from 'node:path';
import { writeDurably } from '../folder/durable.ts';
import { keptSecret } from '../keys.ts';

/** The token that there is from the start, and that may do everything. */
export interface AdminToken {
  readonly value: string;
  /** Whether it was given from outside, so that it cannot be changed here. */
  readonly fixed: boolean;
  /** Takes the place of the one in the data folder. */
  replace(next: string): void;
}

/** The admin token that was given, or else the one in the data folder; made when missing. */
export function openAdminToken(dataDir: string, given: string | undefined): AdminToken {
  let value = given ?? keptSecret(dataDir, 'admin-token');
  return {
    get value() {
      return value;
    },
    fixed: given !== undefined,
    replace(next) {
      writeDurably(join(dataDir, 'admin-token'), `${next}\n`);
      value = next;
    },
  };
}
