import { createHash } from 'node:crypto';

/** An audience with a stored ID at the destination. */
export interface KeptAudience {
  /** Its ID in events: `computation_id`, or the key. */
  readonly id: string;
  readonly key?: string;
  /** Its ID at the destination. */
  readonly externalId: string;
  /** When it was created or set, epoch milliseconds; absent for values of earlier versions. */
  readonly at?: number;
  /** Whether it was set by hand: its existence is then not checked. */
  readonly isSet?: boolean;
}

/** Returns the storage key of an audience: its ID may have any length, a key may not. */
export function keyOf(id: string): string {
  return id.length <= 200 ? id : createHash('sha256').update(id).digest('base64url');
}

/** Parses a stored audience. */
export function readKept(key: string, text: string | undefined): KeptAudience | undefined {
  return text === undefined ? undefined : { id: key, ...(JSON.parse(text) as Omit<KeptAudience, 'id'>) };
}

/** Serialises an audience for storage. */
export function writeKept({ id, ...rest }: KeptAudience): string {
  return JSON.stringify(keyOf(id) === id ? rest : { ...rest, id });
}
