import { type Audience, type AudienceAnswer, retry } from '@waybill/core';
import type { Kept } from '../instance/kept.ts';
import { type KeptAudience, keyOf, writeKept } from '../instance/kept-audience.ts';
import type { NumberedExchange } from './call.ts';

/** The audience IDs of one destination, as known to its lanes. */
export interface OwnIds {
  /** Undefined for an audience that was not created, or not searched for with these settings. */
  idOf(audience: Audience): string | undefined;
  /** The same, or the result of `making`; concurrent callers share it, and processes run it one after the other. */
  make(audience: Audience, making: Making): Promise<MadeAudience>;
}

/** The IDs of the created audiences, for all lanes of this process. */
export interface AudienceIds {
  /** Returns those of a destination with these settings; with other settings each is searched for again. */
  of(destination: string, settings: string): OwnIds;
  /** Forgets an audience, after any creation in progress. */
  drop(destination: string, id: string): Promise<void>;
}

/** How an audience is created or searched for. */
export interface Making {
  readonly kept: Pick<Kept, 'audiences' | 'written'>;
  /** What is stored for it now, by any process. */
  readonly stored: () => Promise<KeptAudience | undefined>;
  readonly create: () => Promise<MadeAudience>;
  /** Checks whether it still exists. */
  readonly check: (externalId: string) => Promise<MadeAudience>;
  /** Runs work exclusively across processes; the result is stored when it ends. */
  readonly inTurn: (work: () => Promise<MadeAudience>) => Promise<MadeAudience>;
}

/** The result of creating an audience, and the calls. */
export interface MadeAudience {
  readonly answer: AudienceAnswer;
  readonly exchangeIds: readonly number[];
  readonly exchanges?: readonly NumberedExchange[];
  /** Whether nothing was sent, because the engine stops. */
  readonly withheld?: boolean;
}

/** How long this process uses an ID that another one may have changed, in milliseconds. */
const FRESH = 60_000;

/** The maximum number of known IDs per destination; the least recently used are dropped first. */
const MOST_KNOWN = 4_000;

interface Known {
  readonly externalId: string;
  readonly until: number;
}

/** The known IDs of a destination with some settings, with their time. */
interface Own {
  readonly settings: string;
  readonly since: number;
  readonly known: Map<string, Known>;
}

/** Creates an empty cache. `others` is whether other processes work on the same destinations. */
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
      // A new one was created by another process a moment ago: not every destination finds it immediately.
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
        // A try with other settings does not affect the current ones.
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
        // The calls belong to the creator.
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
