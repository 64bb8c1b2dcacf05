import type { Role } from '@waybill/api';
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { Failure } from '../failure.ts';
import type { KeptToken } from '../workspace/items.ts';
import type { Author, WorkspaceEditor } from '../workspace/open.ts';
import type { AdminToken } from './admin-token.ts';

/** The caller of a request. */
export interface Caller {
  /** The name of the token. */
  readonly name: string;
  readonly role: Role;
}

/** A token as displayed. */
export interface ShownToken extends Caller {
  readonly createdAt?: number;
  readonly createdBy?: string;
  /** When it was last used since the server was started. */
  readonly usedAt?: number;
}

/** A new token: the only time that its value is known. */
export interface MadeToken extends Caller {
  readonly token: string;
}

/** The tokens of the admin API. */
export interface Tokens {
  /** Returns the owner of the token with this hash; undefined when there is none. */
  callerOf(hash: Buffer): Caller | undefined;
  /** Returns all tokens, including the admin token, without their values. */
  list(): readonly ShownToken[];
  make(author: Author, name: string, role: Role): Promise<MadeToken>;
  /** Replaces the token with a name by a new one. */
  rotate(author: Author, name: string): Promise<MadeToken>;
  remove(author: Author, name: string): Promise<void>;
}

/** The inputs of tokens from the server. */
export interface TokensInput {
  readonly admin: AdminToken;
  readonly editor: Pick<WorkspaceEditor, 'tokens' | 'edit'>;
  readonly now: () => number;
  /** Called with every new token, to keep it out of logs. */
  readonly onMade: (token: string) => void;
}

/** The name of the initial token. */
const ADMIN = 'admin';
/** Names with another meaning in the audit log. */
const RESERVED: readonly string[] = [ADMIN, 'file'];
const MOST = 100;

/** Returns the hash of a token. Tokens are random, so one round is enough. */
export function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** Creates the tokens of a server. Only their hashes are stored. */
export function createTokens({ admin, editor, now, onMade }: TokensInput): Tokens {
  const used = new Map<string, number>();
  const kept = (): readonly KeptToken[] => editor.tokens.filter(({ name }) => name !== ADMIN);
  const find = (hash: Buffer): Caller | undefined => {
    let found: Caller | undefined = undefined;
    // All are compared: constant time.
    for (const { name, role, hash: own } of kept())
      if (timingSafeEqual(Buffer.from(own, 'base64url'), hash)) found = { name, role };
    return timingSafeEqual(hashOf(admin.value), hash) ? { name: ADMIN, role: 'admin' } : found;
  };
  const pick = (wanted: string): KeptToken => {
    const found = kept().find(({ name }) => name === wanted);
    if (found === undefined) throw new Failure('request_not_found', `There is no token "${wanted}".`);
    return found;
  };
  const write = async (author: Author, { name, role }: Caller, check: () => void): Promise<MadeToken> => {
    const token = `wb_${randomBytes(32).toString('base64url')}`;
    const hash = hashOf(token).toString('base64url');
    onMade(token);
    await editor.edit(author, () => {
      check();
      const value = { name, role, hash, createdAt: now(), createdBy: author.by };
      return { token: { name, value } };
    });
    return { name, role, token };
  };
  const rotateAdmin = async (author: Author): Promise<MadeToken> => {
    if (admin.fixed) throw new Failure('token_fixed');
    const made = await write(author, { name: ADMIN, role: 'admin' }, () => undefined);
    admin.replace(made.token);
    return made;
  };

  return {
    callerOf(hash) {
      const caller = find(hash);
      if (caller !== undefined) used.set(caller.name, now());
      return caller;
    },
    list() {
      const first = editor.tokens.find(({ name }) => name === ADMIN) ?? {
        name: ADMIN,
        role: 'admin' as const,
      };
      return [first, ...kept()].map((one) => shown(one, used.get(one.name)));
    },
    make: (author, name, role) =>
      write(author, { name, role }, () => {
        const taken = RESERVED.includes(name) || kept().some((one) => one.name === name);
        if (taken) throw new Failure('token_name_taken', `The name "${name}" is taken.`);
        if (kept().length >= MOST) throw new Failure('token_limit', `There are at most ${MOST} tokens.`);
      }),
    rotate: async (author, name) =>
      name === ADMIN ? rotateAdmin(author) : write(author, pick(name), () => void pick(name)),
    async remove(author, name) {
      if (name === ADMIN)
        throw new Failure('request_invalid', 'The admin token cannot be removed; replace it instead.');
      await editor.edit(author, () => ({ token: { name: pick(name).name } }));
      used.delete(name);
    },
  };
}

function shown(
  token: Omit<KeptToken, 'hash' | 'createdAt' | 'createdBy'> & Partial<KeptToken>,
  usedAt?: number,
): ShownToken {
  const { hash: _hash, ...rest } = token;
  return usedAt === undefined ? rest : { ...rest, usedAt };
}
