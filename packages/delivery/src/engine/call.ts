import type { Outcome, Pipeline, SendContext } from '@waybill/core';
import type { CallFilter } from '../delta/filter.ts';
import type { LaneMemory } from '../delta/lane-memory.ts';
import type { Redactor } from '../request/redact.ts';
import type { Exchange, RecordedRequest } from '../request/request.ts';
import { cleanOutcome } from '../request/secrets.ts';
import type { ConflictRow, MemoryWrite } from '../stores/rows.ts';
import type { Sent, Work } from '../work.ts';
import type { StepReport } from './engine.ts';
import type { ExchangeIds } from './exchange-ids.ts';

/** An exchange with its number. */
export interface NumberedExchange {
  readonly id: number;
  readonly exchange: Exchange;
}

/** The answer to one call. */
export interface CallResult {
  readonly sent: readonly Sent[];
  readonly exchanges: readonly NumberedExchange[];
  readonly calls: StepReport['calls'];
  /** The values to remember with the settlement. */
  readonly memory: readonly MemoryWrite[];
  readonly conflicts: readonly ConflictRow[];
  /** Whether nothing was sent, because the engine stops; `sent` is empty then. */
  readonly withheld?: boolean;
}

/** A call that was detached because it alone blocked the others. */
export interface DetachedCall {
  readonly works: readonly Work[];
  readonly answer: Promise<CallResult>;
}

/** The inputs of a call. */
export interface CallInput {
  readonly pipeline: Pipeline;
  readonly settings: unknown;
  readonly instance?: unknown;
  readonly now: () => number;
  readonly createRequest: () => RecordedRequest;
  readonly exchangeIds: ExchangeIds;
  readonly redactor: Redactor;
  readonly memory: LaneMemory;
  /** Absent: everything is sent unfiltered. */
  readonly filter: CallFilter | undefined;
}

/** Calls the action with the items that must be sent; makes no call when there are none. */
export async function makeCall(
  action: string,
  works: readonly Work[],
  input: CallInput,
): Promise<CallResult> {
  const filtered = input.filter?.(works);
  if (filtered === undefined) return callAction(action, works, input);
  const answer = filtered.works.length === 0 ? NO_CALL : await callAction(action, filtered.works, input);
  if (answer.withheld === true) return answer;
  const { sent, memory, conflicts } = filtered.conclude(answer.sent);
  return { ...answer, sent, memory: [...answer.memory, ...memory], conflicts };
}

const NO_CALL: CallResult = { sent: [], exchanges: [], calls: [], memory: [], conflicts: [] };

async function callAction(action: string, works: readonly Work[], input: CallInput): Promise<CallResult> {
  const recorder = input.createRequest();
  const remembered = input.memory.forCall();
  const context: SendContext = Object.freeze({
    settings: input.settings,
    request: recorder.request,
    now: input.now,
    memory: remembered.memory,
    instance: input.instance,
  });
  const started = performance.now();
  const outcomes = await input.pipeline.send(
    works.map((work) => work.ready),
    context,
  );
  const memory = remembered.writes();
  if (recorder.aborted()) {
    input.memory.unstage(memory);
    return { ...NO_CALL, withheld: true };
  }
  const durationMs = performance.now() - started;
  // A copy: a call that the action did not wait for may still add to it.
  const exchanges = [...recorder.exchanges];
  const first = exchanges.length === 0 ? 0 : await input.exchangeIds(exchanges.length);
  const recorded = exchanges.map((exchange, at) => ({ id: first + at, exchange }));
  const all = recorded.map(({ id }) => id);
  const sent = works.map((work, index) => {
    const outcome = cleanOutcome(outcomes[index]!, input.redactor);
    return { work, outcome, exchangeIds: exchangesOf(outcome, all) };
  });
  const status = recorded.at(-1)?.exchange.response?.status;
  const call = { action, items: works.length, durationMs, ...(status === undefined ? {} : { status }) };
  return { sent, exchanges: recorded, calls: [call], memory, conflicts: [] };
}

/** The IDs of the exchanges of an outcome; all of them where it names none. */
function exchangesOf(outcome: Outcome, all: readonly number[]): readonly number[] {
  const own = outcome.status === 'skipped' ? undefined : outcome.exchanges;
  if (own === undefined || (all.length === 1 && own.length === 1 && own[0] === 0)) return all;
  return own.flatMap((at) => all[at] ?? []);
}
