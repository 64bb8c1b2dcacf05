import { type Call, type Outcome, type Pipeline, planCalls, retry, type SendContext } from '@waybill/core';
import type { Redactor } from '../request/redact.ts';
import type { Exchange, RecordedRequest } from '../request/request.ts';
import type { StepReport } from './engine.ts';
import { HOLDING, OUTAGE } from './policy.ts';
import type { Work } from './work.ts';

/** What became of one item that was sent. */
export interface Sent {
  readonly work: Work;
  readonly outcome: Outcome;
  /** Ids of its exchanges. */
  readonly exchangeIds: readonly number[];
}

/** An exchange with its number. */
export interface NumberedExchange {
  readonly id: number;
  readonly exchange: Exchange;
}

/** What became of a plan. */
export interface Delivered {
  readonly sent: readonly Sent[];
  /** Items that were not tried: behind a retrying item of their user, or after the destination failed as a whole. */
  readonly unsent: readonly Work[];
  readonly exchanges: readonly NumberedExchange[];
  readonly calls: StepReport['calls'];
}

/** What sending needs. */
export interface SendInput {
  readonly pipeline: Pipeline;
  readonly settings: unknown;
  readonly now: () => number;
  readonly createRequest: () => RecordedRequest;
  readonly nextExchangeId: () => number;
  readonly redactor: Redactor;
  /** Calls at the same time. */
  readonly concurrency: number;
}

/** Calls that may fail as a whole, one after the other, before the rest of a plan is left for later. */
const FAILING_CALLS = 3;

/** Sends items so that each user's order is kept; an item that must be retried keeps its user's later ones back. */
export async function sendInOrder(works: readonly Work[], input: SendInput): Promise<Delivered> {
  const sent: Sent[] = [];
  const unsent: Work[] = [];
  const exchanges: NumberedExchange[] = [];
  const calls: StepReport['calls'][number][] = [];
  const blocked = new Set<string>();
  let failing = 0;
  let halted = false;

  const run = async (call: Call<Work>): Promise<void> => {
    const open = halted ? [] : call.items.filter((work) => !blocked.has(work.orderKey));
    if (open.length < call.items.length) {
      const taken = new Set(open);
      unsent.push(...call.items.filter((work) => !taken.has(work)));
    }
    if (open.length === 0) return;
    const { results, recorded, report } = await sendCall(call.rule.action, open, input);
    exchanges.push(...recorded);
    calls.push(report);
    sent.push(...results);
    for (const { outcome, work } of results) {
      if (isRetry(outcome)) blocked.add(work.orderKey);
    }
    failing = results.every(({ outcome }) => OUTAGE.has(codeOf(outcome))) ? failing + 1 : 0;
    if (failing >= FAILING_CALLS || (failing > 0 && results.some(({ outcome }) => stopsAtOnce(outcome)))) {
      halted = true;
    }
  };

  for (const stage of planCalls(works)) await eachOf(stage, input.concurrency, run);
  return { sent, unsent, exchanges, calls };
}

async function sendCall(
  action: string,
  works: readonly Work[],
  input: SendInput,
): Promise<{
  results: readonly Sent[];
  recorded: readonly NumberedExchange[];
  report: StepReport['calls'][number];
}> {
  const recorder = input.createRequest();
  const context: SendContext = Object.freeze({
    settings: input.settings,
    request: recorder.request,
    now: input.now,
  });
  const started = performance.now();
  const outcomes = await input.pipeline.send(
    works.map((work) => work.ready),
    context,
  );
  const durationMs = performance.now() - started;
  // A copy: a call that the action did not wait for may still add to it.
  const recorded = recorder.exchanges.map((exchange) => ({ id: input.nextExchangeId(), exchange }));
  const all = recorded.map(({ id }) => id);
  const results = works.map((work, index) => {
    const outcome = clean(understood(outcomes[index]), input.redactor);
    const own = outcome.status === 'skipped' ? undefined : outcome.exchanges;
    const exchangeIds = own === undefined ? all : own.flatMap((at) => all[at] ?? []);
    return { work, outcome, exchangeIds };
  });
  const status = recorded.at(-1)?.exchange.response?.status;
  return {
    results,
    recorded,
    report: { action, items: works.length, durationMs, ...(status === undefined ? {} : { status }) },
  };
}

/** An answer of an action that is no outcome is never success; plain JavaScript can give one. */
function understood(outcome: Outcome | undefined): Outcome {
  if (outcome?.status === 'delivered') return outcome;
  const known = outcome !== undefined && ['skipped', 'rejected', 'retry'].includes(outcome.status);
  if (known && typeof outcome.code === 'string' && typeof outcome.message === 'string') return outcome;
  return retry('destination_bug', 'The action answered with something that is no outcome.');
}

/** A destination may repeat the credentials in its words. */
function clean(outcome: Outcome, redactor: Redactor): Outcome {
  if (outcome.status !== 'delivered') return { ...outcome, message: redactor.text(outcome.message) };
  return outcome.note === undefined ? outcome : { ...outcome, note: redactor.text(outcome.note) };
}

/** Runs `work` for every entry, at most `limit` at a time. */
async function eachOf<T>(
  entries: readonly T[],
  limit: number,
  work: (entry: T) => Promise<void>,
): Promise<void> {
  const rest = entries.values();
  const worker = async (): Promise<void> => {
    for (const entry of rest) await work(entry);
  };
  await Promise.all(Array.from({ length: Math.min(limit, entries.length) }, worker));
}

function codeOf(outcome: Outcome): Parameters<typeof OUTAGE.has>[0] {
  return outcome.status === 'delivered' ? 'unchanged' : outcome.code;
}

/** Whether an outcome means that the item is tried again. */
export function isRetry(outcome: Outcome): boolean {
  return outcome.status === 'retry' || (outcome.status === 'rejected' && HOLDING.has(outcome.code));
}

function stopsAtOnce(outcome: Outcome): boolean {
  return isRetry(outcome) && (HOLDING.has(codeOf(outcome)) || codeOf(outcome) === 'destination_rate_limited');
}
