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

/** What became of a plan. */
export interface SendResult extends CallResult {
  /** Calls that have not been answered yet. */
  readonly detached: readonly DetachedCall[];
  /** Items that were not tried: behind a retrying item of their user, or after the destination failed as a whole. */
  readonly unsent: readonly Work[];
}

/** What sending needs. */
export interface SendInput extends Omit<CallInput, 'filter'> {
  /** Absent: everything is sent as it is. */
  readonly filter: DeltaFilter | undefined;
  /** Absent: nothing is missing of the items. */
  readonly complete: ((works: readonly Work[]) => Promise<Completed>) | undefined;
  /** Calls at the same time. */
  readonly concurrency: number;
  /** Milliseconds that the last calls of a stage may take longer than the others, before they are left behind. */
  readonly patience: number;
  /** Whether so many calls may be left behind. */
  readonly mayLeave: (calls: number) => boolean;
}

/** Calls that may fail as a whole, one after the other, before the rest of a plan is left for later. */
const FAILING_CALLS = 3;

/** Sends items so that each user's order is kept; an item that must be retried keeps its user's later ones back. */
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
    // Whoever left the call behind sees to its answer.
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
    // What was skipped says nothing of the destination.
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
