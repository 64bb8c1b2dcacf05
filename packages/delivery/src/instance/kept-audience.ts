import { createHash } from 'node:crypto';

/** An audience whose ID at the destination is kept. */
export interface KeptAudience {
  /** What events call it: `computation_id`, or the key. */
  readonly id: string;
  readonly key?: string;
  /** The ID that the destination knows it by. */
  readonly externalId: string;
  /** When it was created or set, epoch milliseconds; absent for what earlier versions have kept. */
  readonly at?: number;
  /** Whether a person has set it: their word is taken, and nobody looks whether it is there. */
  readonly isSet?: boolean;
}

/** What an audience is kept under: its id may be of any length, a key may not. */
export function keyOf(id: string): string {
  return id.length <= 200 ? id : createHash('sha256').update(id).digest('base64url');
}

/** What is kept of an audience, under the key that it is kept by. */
export function readKept(key: string, text: string | undefined): KeptAudience | undefined {
  return text === undefined ? undefined : { id: key, ...(JSON.parse(text) as Omit<KeptAudience, 'id'>) };
}

/** What is kept of an audience. */
export function writeKept({ id, ...rest }: KeptAudience): string {
  return JSON.stringify(keyOf(id) === id ? rest : { ...rest, id });
}
