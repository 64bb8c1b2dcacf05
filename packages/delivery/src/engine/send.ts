import { type Call, type Outcome, type Pipeline, planCalls, type SendContext } from '@waybill/core';
import type { LaneMemory } from '../delta/lane-memory.ts';
import type { Screen } from '../delta/screen.ts';
import type { Redactor } from '../request/redact.ts';
import { cleanOutcome } from './secrets.ts';
import type { Exchange, RecordedRequest } from '../request/request.ts';
import type { ConflictRow, MemoryWrite } from '../store/port.ts';
import type { Completed } from './complete.ts';
import type { StepReport } from './engine.ts';
import { HOLDING, OUTAGE } from './policy.ts';
import type { Sent, Work } from './work.ts';

/** An exchange with its number. */
export interface NumberedExchange {
  readonly id: number;
  readonly exchange: Exchange;
}

/** The answer to one call. */
export interface Answered {
  readonly sent: readonly Sent[];
  readonly exchanges: readonly NumberedExchange[];
  readonly calls: StepReport['calls'];
  /** What is remembered when this is settled. */
  readonly memory: readonly MemoryWrite[];
  readonly conflicts: readonly ConflictRow[];
  /** Whether nothing was sent after all, because the engine stops; `sent` is empty then. */
  readonly withheld?: boolean;
}

/** A call that was left behind because it alone held up the others. */
export interface LateCall {
  readonly works: readonly Work[];
  readonly answer: Promise<Answered>;
}

/** What became of a plan. */
export interface Delivered extends Answered {
  /** Calls that have not been answered yet. */
  readonly late: readonly LateCall[];
  /** Items that were not tried: behind a retrying item of their user, or after the destination failed as a whole. */
  readonly unsent: readonly Work[];
}

/** What sending needs. */
export interface SendInput {
  readonly pipeline: Pipeline;
  readonly settings: unknown;
  readonly instance?: unknown;
  readonly now: () => number;
  readonly createRequest: () => RecordedRequest;
  readonly nextExchangeId: () => number;
  readonly redactor: Redactor;
  readonly memory: LaneMemory;
  /** Absent: nothing is missing of the items. */
  readonly complete: ((works: readonly Work[]) => Promise<Completed>) | undefined;
  /** Absent: everything is sent as it is. */
  readonly screen: Screen | undefined;
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
export async function sendInOrder(works: readonly Work[], input: SendInput): Promise<Delivered> {
  const sent: Sent[] = [];
  const unsent: Work[] = [];
  const exchanges: NumberedExchange[] = [];
  const calls: StepReport['calls'][number][] = [];
  const memory: MemoryWrite[] = [];
  const conflicts: ConflictRow[] = [];
  const blocked = new Set<string>();
  const flying = new Set<LateCall>();
  const late: LateCall[] = [];
  let failing = 0;
  let halted = false;

  const run = async (call: Call<Work>): Promise<void> => {
    const open = halted ? [] : call.items.filter((work) => !blocked.has(work.orderKey));
    if (open.length < call.items.length) {
      const taken = new Set(open);
      unsent.push(...call.items.filter((work) => !taken.has(work)));
    }
    if (open.length === 0) return;
    const current: LateCall = { works: open, answer: screenedCall(call.rule.action, open, input) };
    flying.add(current);
    const answer = await current.answer;
    // Whoever left the call behind sees to its answer.
    if (!flying.delete(current)) return;
    if (answer.withheld) {
      unsent.push(...open);
      for (const work of open) blocked.add(work.orderKey);
      return;
    }
    exchanges.push(...answer.exchanges);
    calls.push(...answer.calls);
    sent.push(...answer.sent);
    memory.push(...answer.memory);
    conflicts.push(...answer.conflicts);
    for (const { outcome, work } of answer.sent) {
      if (isRetry(outcome)) blocked.add(work.orderKey);
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
  for (const end of completed?.ended ?? []) {
    sent.push(end);
    if (isRetry(end.outcome)) blocked.add(end.work.orderKey);
  }
  const leave = (): boolean => {
    if (!input.mayLeave(late.length + flying.size)) return false;
    for (const call of flying) {
      late.push(call);
      for (const work of call.works) blocked.add(work.orderKey);
    }
    flying.clear();
    return true;
  };
  for (const stage of planCalls(completed?.works ?? works)) {
    await eachOf(stage, { limit: input.concurrency, patience: input.patience, leave }, run);
  }
  return { sent, unsent, exchanges, calls, memory, conflicts, late };
}

/** A call of what has to be sent of the items; none when nothing has to. */
async function screenedCall(action: string, works: readonly Work[], input: SendInput): Promise<Answered> {
  const screened = input.screen?.(works);
  if (screened === undefined) return sendCall(action, works, input);
  const answer = screened.works.length === 0 ? NO_CALL : await sendCall(action, screened.works, input);
  if (answer.withheld === true) return answer;
  const { sent, memory, conflicts } = screened.conclude(answer.sent);
  return { ...answer, sent, memory: [...answer.memory, ...memory], conflicts };
}

const NO_CALL: Answered = { sent: [], exchanges: [], calls: [], memory: [], conflicts: [] };

async function sendCall(action: string, works: readonly Work[], input: SendInput): Promise<Answered> {
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
  const recorded = recorder.exchanges.map((exchange) => ({ id: input.nextExchangeId(), exchange }));
  const all = recorded.map(({ id }) => id);
  const sent = works.map((work, index) => {
    const outcome = cleanOutcome(outcomes[index]!, input.redactor);
    return { work, outcome, exchangeIds: exchangesOf(outcome, all) };
  });
  const status = recorded.at(-1)?.exchange.response?.status;
  const call = { action, items: works.length, durationMs, ...(status === undefined ? {} : { status }) };
  return { sent, exchanges: recorded, calls: [call], memory, conflicts: [] };
}

/** The ids of the exchanges an outcome names; all of them where it names none. */
function exchangesOf(outcome: Outcome, all: readonly number[]): readonly number[] {
  const own = outcome.status === 'skipped' ? undefined : outcome.exchanges;
  if (own === undefined || (all.length === 1 && own.length === 1 && own[0] === 0)) return all;
  return own.flatMap((at) => all[at] ?? []);
}

/** How a stage is run. */
interface StageRules {
  /** Entries at the same time. */
  readonly limit: number;
  /** Milliseconds without an end after which `leave` is asked whether to go on without what is left. */
  readonly patience: number;
  readonly leave: () => boolean;
}

/** Runs `work` for every entry; resolves when all have ended, or when the last few were left behind. */
async function eachOf<T>(
  entries: readonly T[],
  { limit, patience, leave }: StageRules,
  work: (entry: T) => Promise<void>,
): Promise<void> {
  let begun = 0;
  let ended = 0;
  const worker = async (): Promise<void> => {
    while (begun < entries.length) {
      const entry = entries[begun]!;
      begun += 1;
      await work(entry);
      ended += 1;
    }
  };
  const all = Promise.all(Array.from({ length: Math.min(limit, entries.length) }, worker));
  for (let before = -1; ended < entries.length;) {
    const timer = alarm(patience);
    await Promise.race([all, timer.rings]);
    timer.stop();
    if (ended < entries.length && begun === entries.length && before === ended && leave()) return;
    before = ended;
  }
  await all;
}

function alarm(milliseconds: number): { readonly rings: Promise<void>; stop(): void } {
  let timer: NodeJS.Timeout | undefined;
  const rings = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  return { rings, stop: () => clearTimeout(timer) };
}

function codeOf(outcome: Outcome): Parameters<typeof OUTAGE.has>[0] {
  return outcome.status === 'delivered' ? 'unchanged' : outcome.code;
}

/** Whether an outcome means that the item is tried again. */
export function isRetry(outcome: Outcome): boolean {
  return outcome.status === 'retry' || (outcome.status === 'rejected' && HOLDING.has(outcome.code));
}

function stopsAtOnce(outcome: Outcome): boolean {
  return isRetry(outcome) && HOLDING.has(codeOf(outcome));
}
