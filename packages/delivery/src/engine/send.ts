import { type Call, type Outcome, planCalls } from '@waybill/core';
import type { DeltaFilter } from '../delta/filter.ts';
import type { ConflictRow, MemoryWrite } from '../stores/rows.ts';
import type { Sent, Work } from '../work.ts';
import {
  type CallInput,
  type CallResult,
  type DetachedCall,
  makeCall,
  type NumberedExchange,
} from './call.ts';
import type { Completed } from './complete.ts';
import type { StepReport } from './engine.ts';
import { HOLDING, isRetry, OUTAGE } from './policy.ts';
import { runStage } from './stage.ts';

/** The results of a plan. */
export interface SendResult extends CallResult {
  /** Unanswered calls. */
  readonly detached: readonly DetachedCall[];
  /** Items that were not attempted: behind a retrying item of their user, or after the destination failed as a whole. */
  readonly unsent: readonly Work[];
}

/** The inputs of sending. */
export interface SendInput extends Omit<CallInput, 'filter'> {
  /** Absent: everything is sent unfiltered. */
  readonly filter: DeltaFilter | undefined;
  /** Absent: the items are complete. */
  readonly complete: ((works: readonly Work[]) => Promise<Completed>) | undefined;
  /** The maximum number of concurrent calls. */
  readonly concurrency: number;
  /** How much longer the last calls of a stage may take before they are detached, in milliseconds. */
  readonly patience: number;
  /** Whether a number of calls may be detached. */
  readonly mayLeave: (calls: number) => boolean;
}

/** The number of consecutive failing calls after which the rest of a plan is postponed. */
const FAILING_CALLS = 3;

/** Sends items so that each user's order is kept; an item that must be retried blocks later ones of its user. */
export async function send(works: readonly Work[], input: SendInput): Promise<SendResult> {
  const sent: Sent[] = [];
  const unsent: Work[] = [];
  const exchanges: NumberedExchange[] = [];
  const calls: StepReport['calls'][number][] = [];
  const memory: MemoryWrite[] = [];
  const conflicts: ConflictRow[] = [];
  const blocked = new Set<string>();
  const underway = new Set<DetachedCall>();
  const detached: DetachedCall[] = [];
  let failing = 0;
  let halted = false;

  const run = async (call: Call<Work>): Promise<void> => {
    const open = halted ? [] : call.items.filter((work) => !blocked.has(work.user));
    if (open.length < call.items.length) {
      const taken = new Set(open);
      unsent.push(...call.items.filter((work) => !taken.has(work)));
    }
    if (open.length === 0) return;
    const current: DetachedCall = { works: open, answer: makeCall(call.rule.action, open, callInput) };
    underway.add(current);
    const answer = await current.answer;
    // The detached call is processed when it is answered.
    if (!underway.delete(current)) return;
    if (answer.withheld) {
      unsent.push(...open);
      for (const work of open) blocked.add(work.user);
      return;
    }
    exchanges.push(...answer.exchanges);
    calls.push(...answer.calls);
    sent.push(...answer.sent);
    memory.push(...answer.memory);
    conflicts.push(...answer.conflicts);
    for (const { outcome, work } of answer.sent) {
      if (isRetry(outcome)) blocked.add(work.user);
    }
    // Skipped items say nothing about the destination.
    if (answer.sent.every(({ outcome }) => outcome.status === 'skipped')) return;
    failing = answer.sent.every(({ outcome }) => OUTAGE.has(codeOf(outcome))) ? failing + 1 : 0;
    if (
      failing >= FAILING_CALLS ||
      (failing > 0 && answer.sent.some(({ outcome }) => stopsAtOnce(outcome)))
    ) {
      halted = true;
    }
  };

  const completed = await input.complete?.(works);
  exchanges.push(...(completed?.exchanges ?? []));
  for (const work of completed?.unsent ?? []) {
    unsent.push(work);
    blocked.add(work.user);
  }
  for (const end of completed?.ended ?? []) {
    sent.push(end);
    if (isRetry(end.outcome)) blocked.add(end.work.user);
  }
  const leave = (): boolean => {
    if (!input.mayLeave(detached.length + underway.size)) return false;
    for (const call of underway) {
      detached.push(call);
      for (const work of call.works) blocked.add(work.user);
    }
    underway.clear();
    return true;
  };
  const open = completed?.works ?? works;
  const filter = open.length === 0 ? undefined : await input.filter?.(open);
  const callInput: CallInput = { ...input, filter };
  for (const stage of planCalls(open)) {
    await runStage(stage, { limit: input.concurrency, patience: input.patience, leave }, run);
  }
  return { sent, unsent, exchanges, calls, memory, conflicts, detached };
}

function codeOf(outcome: Outcome): Parameters<typeof OUTAGE.has>[0] {
  return outcome.status === 'delivered' ? 'unchanged' : outcome.code;
}

function stopsAtOnce(outcome: Outcome): boolean {
  return isRetry(outcome) && HOLDING.has(codeOf(outcome));
}
