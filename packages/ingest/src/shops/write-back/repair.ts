import { consentUpdates } from '@waybill/commerce';
import type { ResolvedSource, ShopSettings } from '@waybill/core';
import type { Lease, Log } from '@waybill/delivery';
import type { Consents } from '../input.ts';
import { writesConsent } from '../consent/filter.ts';
import type { Keeping } from '../keeping.ts';
import { CONSENT } from '../consent/kept.ts';
import type { Standings } from '../standing.ts';
import { hintsOfUpdates } from './apply.ts';

/** Reads again what people chose in Iterable, as its webhooks may be lost. */
export interface Repair {
  /** Reads the next period when that is due. */
  see(lease: Lease<string>): Promise<void>;
  /** Epoch milliseconds. */
  dueAt(): number;
  /** Goes on at once. */
  hurry(): void;
}

/** Up to when everything was read. */
const UNTIL = `${CONSENT}until`;
const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;
/** The longest period that is read in one go. */
const PERIOD = DAY;
/** How far back the first reading goes. */
const FIRST = DAY;
/** What has just happened may not be exported yet. */
const LATE = 10 * MINUTE;
const EVERY = 6 * 60 * MINUTE;
/** Exports may be late: so much before is read again. */
const OVERLAP = 2 * 60 * MINUTE;
const TASK = 'consent repair';
/** Updates that are taken at once. */
const CHUNK = 1_000;

/** Makes the repair of a source; it does nothing where none is wanted. */
export function createRepair(input: {
  readonly source: ResolvedSource;
  readonly log: Pick<Log, 'carried'>;
  readonly keeping: Keeping;
  readonly standings: Standings;
  readonly consents: Consents | undefined;
  readonly now: () => number;
}): Repair {
  const { source, log, keeping, standings, now } = input;
  const isWanted = writesConsent(source) && input.consents !== undefined;
  let dueAt = isWanted ? 0 : Infinity;
  /** Takes updates; false when there is no room for them. */
  const taken = async (events: readonly unknown[]): Promise<boolean> => {
    const { updates } = consentUpdates(events, (source.settings as ShopSettings).consentIds ?? []);
    const hints = hintsOfUpdates(updates);
    for (let at = 0; at < hints.length; at += CHUNK)
      if ((await keeping.hints.take(hints.slice(at, at + CHUNK), now())) === 'full') return false;
    return true;
  };
  return {
    dueAt: () => dueAt,
    hurry() {
      if (isWanted) dueAt = 0;
    },
    async see(lease) {
      if (now() < dueAt) return;
      const read = input.consents?.(source);
      dueAt = now() + EVERY;
      if (read === undefined) return;
      const { state } = await log.carried(lease.key, [UNTIL]);
      const kept = state.get(UNTIL);
      const from = kept === undefined ? now() - FIRST : Number(Buffer.from(kept).toString()) - OVERLAP;
      const to = Math.min(from + PERIOD, now() - LATE);
      const period = { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
      const told = await read(period);
      const standing = standings.of(TASK);
      if ('failure' in told) {
        // The shop is not to blame.
        standing.failed(told.failure, now());
        dueAt = Math.max(standing.until, now() + MINUTE);
        return;
      }
      standing.worked();
      const isDone = await taken(told.events);
      if (!isDone || to < now() - LATE) dueAt = now() + MINUTE;
      if (!isDone) return;
      const write = { key: UNTIL, value: Buffer.from(String(to)) };
      await keeping.write(lease, { rows: [], state: [write], historical: false, path: 'consent' });
    },
  };
}
