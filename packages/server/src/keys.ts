import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from './failure.ts';
import { writeDurably } from './folder/durable.ts';

/** Encrypts and decrypts secrets at rest. */
export interface SecretBox {
  seal(text: string): string;
  /** Throws when the string was sealed with another key or changed. */
  open(sealed: string): string;
}

/**
 * Creates AES-256-GCM encryption with a key derived from `secret`; the sealed form names its version, so that keys can be
 * changed later.
 */
export function createSecretBox(secret: string): SecretBox {
  const key = createHash('sha256').update('waybill secrets\0').update(secret).digest();
  return {
    seal(text) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, nonce);
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return `v1.${Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url')}`;
    },
    open(sealed) {
      if (!sealed.startsWith('v1.')) throw new Error('The secret was encrypted by another version.');
      const bytes = Buffer.from(sealed.slice(3), 'base64url');
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12));
      decipher.setAuthTag(bytes.subarray(12, 28));
      return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
    },
  };
}

/** Returns a secret in a file that only its owner can read; created when missing. */
export function keptSecret(dataDir: string, name: string): string {
  const file = join(dataDir, name);
  const kept = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  if (kept !== '') return kept;
  const made = randomBytes(32).toString('base64url');
  writeDurably(file, `${made}\n`);
  return made;
}

/** Returns the key of a data folder. Never creates one where encrypted values exist: a new key could not read them. */
export function keptKey(dataDir: string): string {
  refuseMissingKey(dataDir);
  return keptSecret(dataDir, 'secret-key');
}

/** Throws a Failure when a data folder has encrypted values and no key. */
export function refuseMissingKey(dataDir: string): void {
  const file = join(dataDir, 'secret-key');
  const sealed = ['workspace.db', 'workspace.json']
    .map((name) => join(dataDir, name))
    .find((one) => existsSync(one) && statSync(one).size > 0);
  const there = existsSync(file) && readFileSync(file, 'utf8').trim() !== '';
  if (!there && sealed !== undefined) {
    throw new Failure(
      'secret_key_missing',
      `${file} is ${existsSync(file) ? 'empty' : 'missing'}; the secrets in ${sealed} are encrypted with it. Restore the file from a back-up, or set WAYBILL_SECRET_KEY to its content. If it is lost, remove ${sealed} and start with a workspace file.`,
    );
  }
}

/** Finds the owner of a secret. */
export interface Keyring<Owner> {
  find(given: string): Owner | undefined;
}

/**
 * Creates a look-up of owners of secrets by hash: in a time that depends neither on their number nor on the similarity of a
 * guess.
 */
export function createKeyring<Owner>(owners: readonly (readonly [string, Owner])[]): Keyring<Owner> {
  const hash = (text: string): string => createHash('sha256').update(text).digest('base64');
  const byHash = new Map(owners.toReversed().map(([secret, owner]) => [hash(secret), owner]));
  return { find: (given) => byHash.get(hash(given)) };
}
