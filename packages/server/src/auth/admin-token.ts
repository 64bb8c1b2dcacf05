import { join } from 'node:path';
import { writeDurably } from '../folder/durable.ts';
import { keptSecret } from '../keys.ts';

/** The initial token with all permissions. */
export interface AdminToken {
  readonly value: string;
  /** Whether it was configured, so that it cannot be changed here. */
  readonly fixed: boolean;
  /** Replaces the one in the data folder. */
  replace(next: string): void;
}

/** Returns the configured admin token, or the one in the data folder; created when missing. */
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
