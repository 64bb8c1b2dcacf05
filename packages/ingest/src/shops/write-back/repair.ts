import { consentUpdates } from '@waybill/commerce';
import { rejected, type Rejected, type ResolvedSource, type Retry, type ShopSettings } from '@waybill/core';
import type { Lease, Log } from '@waybill/delivery';
import type { Consents } from '../input.ts';
import { writesConsent } from '../consent/filter.ts';
import type { Keeping } from '../keeping.ts';
import { CONSENT } from '../consent/kept.ts';
import { createStanding, type Failed } from '../standing.ts';
import { hintsOfUpdates } from './apply.ts';

/** Reads choices in Iterable again, because webhooks may be lost. */
export interface Repair {
  /** Reads the next period when due. */
  see(lease: Lease<string>): Promise<void>;
  /** The time of the next reading, in epoch milliseconds. */
  dueAt(): number;
  /** Continues at once. */
  hurry(): void;
  /** Returns its status; undefined for a shop without write-back. */
  status(): RepairStatus | undefined;
}

/** The status of the reading of exports; webhooks only when there is none. */
export interface RepairStatus {
  readonly mode: 'export' | 'webhook';
  /** The number of choices from exports since the start. */
  readonly read: number;
  readonly failure?: Failed;
}

/** The key of the time up to which everything was read. */
const UNTIL = `${CONSENT}until`;
const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;
/** The maximum period per reading. */
const PERIOD = DAY;
/** How far back the first reading goes. */
const FIRST = DAY;
/** The delay of exports. */
const LATE = 10 * MINUTE;
const EVERY = 6 * 60 * MINUTE;
/** The overlap that is read again, because exports may be late. */
const OVERLAP = 2 * 60 * MINUTE;
/** The number of updates per step. */
const CHUNK = 1_000;

/** Creates the repair of a source; it does nothing without write-back. */
export function createRepair(input: {
  readonly source: ResolvedSource;
  readonly log: Pick<Log, 'carried'>;
  readonly keeping: Keeping;
  readonly consents: Consents | undefined;
  readonly onFailure: (failure: Failed) => void;
  readonly now: () => number;
}): Repair {
  const { source, log, keeping, now } = input;
  const { consentDestination = '', consentIds = [] } = source.settings as ShopSettings;
  const isWanted = writesConsent(source) && input.consents !== undefined && consentDestination !== '';
  const standing = createStanding();
  let read = 0;
  let dueAt = isWanted ? 0 : Infinity;
  const failed = (failure: Rejected | Retry): void => {
    // Not a failure of the shop.
    standing.failed(failure, now());
    input.onFailure(failure);
    dueAt = Math.max(standing.until, now() + MINUTE);
  };
  /** Adds updates; false when there is no room for them. */
  const taken = async (events: readonly unknown[]): Promise<boolean> => {
    const { updates } = consentUpdates(events, consentIds);
    const hints = hintsOfUpdates(updates);
    for (let at = 0; at < hints.length; at += CHUNK)
      if ((await keeping.hints.take(hints.slice(at, at + CHUNK), now())) === 'full') return false;
    read += hints.length;
    return true;
  };
  return {
    dueAt: () => dueAt,
    hurry() {
      if (isWanted) dueAt = 0;
    },
    status() {
      if (!writesConsent(source)) return undefined;
      const { failure } = standing;
      return { mode: isWanted ? 'export' : 'webhook', read, ...(failure === undefined ? {} : { failure }) };
    },
    async see(lease) {
      if (now() < dueAt) return;
      const exported = input.consents?.(source);
      dueAt = now() + EVERY;
      if (exported === undefined) {
        failed(rejected('workspace_invalid_settings', nobodyOf(consentDestination)));
        return;
      }
      const { state } = await log.carried(lease.key, [UNTIL]);
      const kept = state.get(UNTIL);
      const from = kept === undefined ? now() - FIRST : Number(Buffer.from(kept).toString()) - OVERLAP;
      const to = Math.min(from + PERIOD, now() - LATE);
      const period = { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
      const told = await exported(period);
      if ('failure' in told) {
        failed(told.failure);
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

function nobodyOf(destination: string): string {
  return `consentDestination names "${destination}", which is not an enabled Iterable destination of this workspace.`;
}
