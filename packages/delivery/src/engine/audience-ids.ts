import { createHash } from 'node:crypto';
import { type Audience, type AudienceAnswer, retry } from '@waybill/core';
import type { Kept } from '../instance/kept.ts';
import type { NumberedExchange } from './call.ts';

/** The ids of the audiences that were made, for all lanes of this process. */
export interface AudienceIds {
  /** Undefined for an audience that nobody has made. */
  idOf(audience: Audience, kept: Pick<Kept, 'account' | 'audiences'>): string | undefined;
  /** The same, or what `make` comes to; those who ask at the same time share one making, and processes make one after the other. */
  make(
    audience: Audience,
    kept: Kept,
    making: Making,
  ): Promise<MadeAudience | { readonly answer: AudienceAnswer; readonly exchangeIds: readonly [] }>;
}

/** How an audience is made. */
export interface Making {
  /** Looks first whether another process has made it. */
  readonly make: () => Promise<MadeAudience>;
  /** Does work while no other process does the same; what is made is stored when it ends. */
  readonly inTurn: (work: () => Promise<MadeAudience>) => Promise<MadeAudience>;
}

/** What making an audience came to, and the calls that were made. */
export interface MadeAudience {
  readonly answer: AudienceAnswer;
  readonly exchangeIds: readonly number[];
  readonly exchanges?: readonly NumberedExchange[];
  /** Whether nothing was sent after all, because the engine stops. */
  readonly withheld?: boolean;
}

/** Nothing known yet. Lanes of the other partitions do not read what one of them has kept. */
export function createAudienceIds(): AudienceIds {
  const known = new Map<string, string>();
  const underway = new Map<string, Promise<MadeAudience>>();
  const idOf: AudienceIds['idOf'] = (audience, { account, audiences }) =>
    known.get(`${account} ${audience.id}`) ?? readKept(audiences.get(keyOf(audience)));
  return {
    idOf,
    async make(audience, kept, { make, inTurn }) {
      const externalId = idOf(audience, kept);
      if (externalId !== undefined) return { answer: { externalId }, exchangeIds: [] };
      const name = `${kept.account} ${audience.id}`;
      const others = underway.get(name);
      // The calls are those of whoever made it.
      if (others !== undefined) return { answer: (await others).answer, exchangeIds: [] };
      const mine = inTurn(async () => {
        const made = await make();
        const { answer } = made;
        if (answer.outcome !== undefined) return made;
        const entry = JSON.stringify({ externalId: answer.externalId, key: audience.key });
        if (!kept.audiences.set({ [keyOf(audience)]: entry }))
          return { ...made, answer: { outcome: retry('destination_bug', TOO_MANY) } };
        known.set(name, answer.externalId);
        await kept.written();
        return made;
      }).finally(() => underway.delete(name));
      underway.set(name, mine);
      return mine;
    },
  };
}

const TOO_MANY = 'The destination keeps no more audiences.';

/** What an audience is kept under: its id may be of any length, a key may not. */
export function keyOf({ id }: Audience): string {
  return id.length <= 200 ? id : createHash('sha256').update(id).digest('base64url');
}

/** The id in what is kept of an audience. */
export function readKept(text: string | undefined): string | undefined {
  return text === undefined ? undefined : (JSON.parse(text) as { readonly externalId: string }).externalId;
}
