import { type Audience, type AudienceAnswer, retry } from '@waybill/core';
import type { Kept } from '../instance/kept.ts';
import { type KeptAudience, keyOf, writeKept } from '../instance/kept-audience.ts';
import type { NumberedExchange } from './call.ts';

/** What a lane knows of the ids of its destination. */
export interface OwnIds {
  /** Undefined for an audience that nobody has made, or that nobody has looked for with these settings. */
  idOf(audience: Audience): string | undefined;
  /** The same, or what `making` comes to; those who ask at the same time share it, and processes do it one after the other. */
  make(audience: Audience, making: Making): Promise<MadeAudience>;
}

/** The ids of the audiences that were made, for all lanes of this process. */
export interface AudienceIds {
  /** Those of a destination with these settings; with other ones each is looked for again. */
  of(destination: string, settings: string): OwnIds;
  /** Forgets what is known of an audience, once nobody makes it any more. */
  drop(destination: string, id: string): Promise<void>;
}

/** How an audience is made, or looked for. */
export interface Making {
  readonly kept: Pick<Kept, 'audiences' | 'written'>;
  /** What is kept of it now, whoever has kept it. */
  readonly stored: () => Promise<KeptAudience | undefined>;
  readonly create: () => Promise<MadeAudience>;
  /** Looks whether it is still there. */
  readonly check: (externalId: string) => Promise<MadeAudience>;
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

/** How long this process goes on with an ID that another one may have changed, in milliseconds. */
const FRESH = 60_000;

/** The most ids that are known of a destination; those that nobody used for longest go first. */
const MOST_KNOWN = 4_000;

interface Known {
  readonly externalId: string;
  readonly until: number;
}

/** What is known of a destination with some settings, since when. */
interface Own {
  readonly settings: string;
  readonly since: number;
  readonly known: Map<string, Known>;
}

/** Nothing known yet. `others` is whether other processes work on the same destinations. */
export function createAudienceIds({
  now,
  others,
}: {
  readonly now: () => number;
  readonly others: boolean;
}): AudienceIds {
  const owners = new Map<string, Own>();
  const underway = new Map<string, Promise<MadeAudience>>();
  const ownOf = (destination: string, settings: string): Own => {
    const found = owners.get(destination);
    if (found?.settings === settings) return found;
    const own = { settings, since: now(), known: new Map<string, Known>() };
    owners.set(destination, own);
    return own;
  };
  const remember = ({ known }: Own, id: string, externalId: string): void => {
    known.delete(id);
    known.set(id, { externalId, until: others ? now() + FRESH : Infinity });
    if (known.size > MOST_KNOWN) known.delete(known.keys().next().value!);
  };
  const makeOnce = async (own: Own, audience: Audience, making: Making): Promise<MadeAudience> => {
    const found = await making.stored();
    const before = own.known.get(audience.id)?.externalId;
    if (found !== undefined) {
      const { externalId, at = 0, isSet = false } = found;
      // One that came since was made by another process a moment ago: not every destination finds it at once.
      const isSure = isSet || externalId === before || at >= own.since;
      const checked = isSure ? { answer: { externalId }, exchangeIds: [] } : await making.check(externalId);
      if (checked.answer.outcome === undefined) remember(own, audience.id, externalId);
      return checked;
    }
    const made = await making.create();
    const { answer } = made;
    if (answer.outcome !== undefined) return made;
    const { externalId } = answer;
    const entry = writeKept({ id: audience.id, key: audience.key, externalId, at: now() });
    if (!making.kept.audiences.set({ [keyOf(audience.id)]: entry }))
      return { ...made, answer: { outcome: retry('destination_bug', TOO_MANY) } };
    remember(own, audience.id, externalId);
    await making.kept.written();
    return made;
  };
  return {
    of: (destination, settings) => ({
      idOf({ id }) {
        const own = owners.get(destination);
        // What is tried with other settings changes nothing for those in force.
        if (own?.settings !== settings) return undefined;
        const { externalId, until = 0 } = own.known.get(id) ?? {};
        return now() < until ? externalId : undefined;
      },
      async make(audience, making) {
        const own = ownOf(destination, settings);
        const externalId = this.idOf(audience);
        if (externalId !== undefined) return { answer: { externalId }, exchangeIds: [] };
        const name = `${destination} ${audience.id}`;
        const shared = underway.get(name);
        // The calls are those of whoever made it.
        if (shared !== undefined) return { answer: (await shared).answer, exchangeIds: [] };
        const mine = making
          .inTurn(() => makeOnce(own, audience, making))
          .finally(() => underway.delete(name));
        underway.set(name, mine);
        return mine;
      },
    }),
    async drop(destination, id) {
      await underway.get(`${destination} ${id}`)?.catch(() => undefined);
      owners.get(destination)?.known.delete(id);
    },
  };
}

const TOO_MANY = 'The destination has reached its maximum number of audiences.';
