import { errorEntry, type ErrorCode, type Outcome, rejected } from '@waybill/core';
import type { Redactor } from '../request/redact.ts';
import type { LoggedEvent } from '../stores/log.ts';
import type {
  ConflictRow,
  DeadLetterRow,
  ExchangeRow,
  GapRow,
  MemoryWrite,
  OutcomeRow,
  RetryRow,
  Settlement,
} from '../stores/rows.ts';
import type { LaneKey } from '../stores/state.ts';
import { backoff } from './backoff.ts';
import type { RetryPolicy, StepReport } from './engine.ts';
import type { Health } from './circuit-breaker.ts';
import { excerpt, shortMessage } from './excerpt.ts';
import { HOLDING, isRetry, policyFor } from './policy.ts';
import type { NumberedExchange } from './call.ts';
import type { Delivery, Sent } from '../work.ts';

/** The inputs of a settlement. */
export interface SettlementInput {
  readonly key: LaneKey;
  /** The epoch of the lease under which the step began. */
  readonly epoch: number;
  readonly now: number;
  readonly random: () => number;
  readonly policy: RetryPolicy;
  readonly redactor: Redactor;
  /** The versions of the mappings, by ID. */
  readonly versions: ReadonlyMap<string, number>;
  /** The number of stored exchanges of delivered items. */
  readonly keptExchanges: number;
}

/** The end of an attempt, with its data. */
export interface Ending {
  readonly outcome: Outcome;
  readonly attempts: number;
  readonly payload?: unknown;
  readonly exchangeIds?: readonly number[];
}

/** Collects the results of a step in one settlement. */
export interface SettlementBuilder {
  /** Adds a delivery that ended, or must be retried. */
  conclude(delivery: Delivery, ending: Ending): void;
  /** Adds an event that matches no mapping. */
  unmatched(seq: number, code: ErrorCode): void;
  /** Adds an unreadable event, or stretch of the log. */
  unreadable(logged: LoggedEvent): void;
  /** Adds a delivery that waits for its first attempt, not before `dueAt`. */
  park(delivery: Delivery, dueAt?: number): void;
  /** Removes the row of a delivery that other rows replace. */
  drop(delivery: Delivery): void;
  /** Adds the answers of the destination, and its health. */
  sent(results: readonly Sent[], exchanges: readonly NumberedExchange[], health: Health): void;
  /** Adds values to remember, and conflicts. */
  remember(memory: readonly MemoryWrite[], conflicts: readonly ConflictRow[]): void;
  settlement(cursor?: number): Settlement;
  /** Whether everything has ended, and nothing later depends on its write. */
  readonly concluded: boolean;
  readonly outcomes: StepReport['outcomes'];
  /** The arrival times of one in `DELAYS_OF` delivered items. */
  readonly arrivals: readonly string[];
}

/** One in this many delivered items is sampled for its delay: reading the time of each costs too much. */
export const DELAYS_OF = 50;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The health of a working destination. */
const WELL: Health = { failed: false, lasting: false, recoveredAt: 0 };

/** Creates an empty settlement of a step. */
export function createSettlementBuilder(input: SettlementInput): SettlementBuilder {
  const { epoch, now, policy, redactor } = input;
  const { destination, partition } = input.key;
  const outcomes: OutcomeRow[] = [];
  const retries: RetryRow[] = [];
  const removed: { seq: number; mappingId: string }[] = [];
  const deadLetters: DeadLetterRow[] = [];
  const exchanges: ExchangeRow[] = [];
  const gaps: GapRow[] = [];
  const memory: MemoryWrite[] = [];
  const conflicts: ConflictRow[] = [];
  const reported: Mutable<StepReport['outcomes'][number]>[] = [];
  const arrivals: string[] = [];
  let deliveries = 0;
  /** The last row that others can join. */
  let open: Mutable<OutcomeRow> | undefined;

  const count = (mappingId: string, status: Outcome['status'], code = '', events = 1): void => {
    for (const one of reported) {
      if (one.mappingId !== mappingId || one.status !== status || one.code !== code) continue;
      one.count += events;
      return;
    }
    reported.push({ mappingId, status, code, count: events });
  };
  /** Whether a delivery extends a run of equal deliveries. */
  const joins = (delivery: Delivery, attempts: number, exchangeId: number | undefined): boolean =>
    open !== undefined &&
    (open.through ?? open.seq) + 1 === delivery.logged.seq &&
    open.mappingId === delivery.mappingId &&
    open.attempts === attempts &&
    open.exchangeId === exchangeId;

  /** Adds the outcome of a delivery to the settlement. */
  const conclude = (delivery: Delivery, { outcome, attempts, payload, exchangeIds = [] }: Ending): void => {
    const { logged, mappingId, position, user } = delivery;
    if (outcome.status === 'retry') return;
    const { seq } = logged;
    count(mappingId, outcome.status, outcome.status === 'delivered' ? '' : outcome.code);
    if (outcome.status === 'delivered') {
      if (deliveries % DELAYS_OF === 0) arrivals.push(logged.event.receivedAt);
      deliveries += 1;
    }
    const plain = outcome.status === 'delivered' && outcome.note === undefined && delivery.waits !== true;
    if (plain && open !== undefined && joins(delivery, attempts, exchangeIds.at(-1))) {
      open.through = seq;
      return;
    }
    const row: Mutable<OutcomeRow> = {
      destination,
      seq,
      mappingId,
      at: now,
      attempts,
      status: outcome.status,
    };
    const mappingVersion = input.versions.get(mappingId);
    if (mappingVersion !== undefined) row.mappingVersion = mappingVersion;
    if (exchangeIds.length > 0) row.exchangeId = exchangeIds.at(-1)!;
    if (outcome.status === 'delivered') {
      if (outcome.note !== undefined) row.message = shortMessage(outcome.note);
    } else {
      row.code = outcome.code;
      Object.assign(row, spoken(outcome.code, outcome.message));
      if (outcome.status === 'rejected' && outcome.field !== undefined) row.field = outcome.field;
    }
    outcomes.push(row);
    if (plain) open = row;
    if (delivery.waits === true) removed.push({ seq: logged.seq, mappingId });
    if (outcome.status !== 'rejected') return;
    deadLetters.push({
      destination,
      seq,
      mappingId,
      at: now,
      attempts,
      position,
      user,
      messageId: logged.event.messageId,
      sourceId: logged.sourceId,
      code: outcome.code,
      message: shortMessage(outcome.message),
      exchangeIds,
      ...(mappingVersion === undefined ? {} : { mappingVersion }),
      ...(outcome.field === undefined ? {} : { field: outcome.field }),
      ...kept(payload, redactor),
    });
  };

  const again = (delivery: Delivery, ending: Ending, code: ErrorCode, health: Health): void => {
    const { outcome, attempts } = ending;
    if (outcome.status === 'delivered') return;
    const first = delivery.firstFailedAt ?? now;
    const own = policyFor(policy, code);
    const held = health.failed && HOLDING.has(code);
    // Downtime of the whole destination does not count, up to a limit.
    const end = health.lasting
      ? first + own.outageWindow
      : Math.min(Math.max(first, health.recoveredAt) + own.window, first + own.outageWindow);
    const spent = own.maxAttempts !== undefined && attempts >= own.maxAttempts;
    if (!held && (now >= end || spent)) {
      const message = `After ${attempts} attempts the last reason is ${code}: ${outcome.message}`;
      conclude(delivery, { ...ending, outcome: { status: 'rejected', code: 'retries_exhausted', message } });
      return;
    }
    const afterMs = outcome.status === 'retry' ? outcome.afterMs : undefined;
    const wait = backoff(own, { attempts, random: input.random(), afterMs });
    const exchangeId = ending.exchangeIds?.at(-1);
    count(delivery.mappingId, 'retry', code);
    retries.push({
      destination,
      seq: delivery.logged.seq,
      mappingId: delivery.mappingId,
      position: delivery.position,
      user: delivery.user,
      attempts,
      // The last attempt is made when the window ends, not after it.
      dueAt: held ? now + wait : Math.max(now, Math.min(now + wait, end)),
      firstFailedAt: first,
      code,
      ...spoken(code, outcome.message),
      ...(exchangeId === undefined ? {} : { exchangeId }),
    });
  };

  return {
    outcomes: reported,
    arrivals,
    get concluded() {
      return retries.length + removed.length + memory.length + conflicts.length === 0;
    },
    conclude(delivery, ending) {
      if (ending.outcome.status === 'retry') again(delivery, ending, ending.outcome.code, WELL);
      else conclude(delivery, ending);
    },
    unmatched(seq, code) {
      outcomes.push({ destination, seq, mappingId: '', status: 'skipped', code, attempts: 0, at: now });
      count('', 'skipped', code);
    },
    unreadable(logged) {
      const { seq, through, damage = '' } = logged;
      const code = 'event_unreadable';
      if (through !== undefined) {
        gaps.push({ destination, seq, through, code, at: now });
        count('', 'rejected', code, through - seq + 1);
        return;
      }
      const delivery = { logged, mappingId: '', position: 0, user: `a:${seq}`, attempts: 0 };
      conclude(delivery, { outcome: rejected(code, damage), attempts: 0 });
    },
    park(delivery, dueAt = now) {
      if (delivery.waits === true) return;
      retries.push({
        destination,
        seq: delivery.logged.seq,
        mappingId: delivery.mappingId,
        position: delivery.position,
        user: delivery.user,
        attempts: delivery.attempts,
        dueAt,
      });
    },
    drop(delivery) {
      removed.push({ seq: delivery.logged.seq, mappingId: delivery.mappingId });
    },
    sent(results, numbered, health) {
      const needed = new Set<number>();
      for (const { work, outcome, exchangeIds } of results) {
        const tried = outcome.status === 'skipped' && outcome.code === 'unchanged' ? 0 : 1;
        const ending = { outcome, attempts: work.attempts + tried, payload: work.item.payload, exchangeIds };
        if (outcome.status !== 'delivered') for (const id of exchangeIds) needed.add(id);
        if (outcome.status !== 'delivered' && isRetry(outcome)) {
          again(work, ending, outcome.code, health);
        } else conclude(work, ending);
      }
      let spare = input.keptExchanges;
      for (const { id, exchange } of numbered) {
        if (needed.has(id) || spare > 0) exchanges.push({ id, destination, ...exchange });
        if (!needed.has(id)) spare -= 1;
      }
    },
    remember(writes, rows) {
      memory.push(...writes);
      conflicts.push(...rows);
    },
    settlement: (cursor) => ({
      destination,
      partition,
      epoch,
      ...(cursor === undefined ? {} : { cursor }),
      outcomes,
      retries,
      removedRetries: removed,
      deadLetters,
      gaps,
      exchanges,
      memory,
      conflicts,
    }),
  };
}

/** The registry's own messages need not be stored with every row. */
function spoken(code: ErrorCode, message: string): { message?: string } {
  return message === errorEntry(code)?.message ? {} : { message: shortMessage(message) };
}

/** The payload in a dead letter. */
function kept(payload: unknown, redactor: Redactor): Pick<DeadLetterRow, 'payload' | 'payloadCut'> {
  if (payload === undefined) return {};
  const { value, cut } = excerpt(payload);
  return { payload: redactor.value(value), ...(cut ? { payloadCut: true } : {}) };
}
