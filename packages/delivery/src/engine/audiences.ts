import {
  type Audience,
  type AudienceAnswer,
  type Audiences,
  checkAudience,
  type RecallMany,
  recalling,
  rejected,
  type ResolvedDestination,
  retry,
  type SendContext,
} from '@waybill/core';
import { accountOf, type Kept, openKept } from '../instance/kept.ts';
import { type KeptAudience, keyOf, readKept } from '../instance/kept-audience.ts';
import type { RecordedRequest } from '../request/request.ts';
import { cleanOutcome } from '../request/secrets.ts';
import { type Sent, toWork, type Work } from '../work.ts';
import type { MadeAudience } from './audience-ids.ts';
import type { NumberedExchange } from './call.ts';
import type { Compiled } from './compile.ts';
import type { ExchangeIds } from './exchange-ids.ts';
import type { LaneShared } from './lane-shared.ts';

/** What creating audiences needs from a step. */
export interface AudienceStep {
  readonly compiled: Compiled;
  readonly shared: LaneShared;
  readonly createRequest: () => RecordedRequest;
  readonly exchangeIds: ExchangeIds;
  readonly recall: RecallMany;
}

/** Works with existing audiences, those that end because their audience could not be created, and the calls. */
export interface WithAudiences {
  readonly works: readonly Work[];
  readonly ended: readonly Sent[];
  readonly unsent: readonly Work[];
  readonly exchanges: readonly NumberedExchange[];
}

/** Creates the audiences that works wait for, and rebuilds the works with their IDs. */
export async function withAudiences(works: readonly Work[], step: AudienceStep): Promise<WithAudiences> {
  const open = works.filter(({ ready }) => ready.audience !== undefined);
  if (open.length === 0) return { works, ended: [], unsent: [], exchanges: [] };
  const audiences = new Map(open.map(({ ready }) => [ready.audience!.id, ready.audience!]));
  const made = new Map<string, MadeAudience>();
  for (const [id, audience] of audiences) made.set(id, await makeAudience(audience, step));
  const { pipeline } = step.compiled;
  const again = await recalling(
    (recall) =>
      open.map(({ logged, mappingId, attempts }) =>
        pipeline.prepareOne(logged.event, mappingId, attempts + 1, recall),
      ),
    step.recall,
  );
  const by = new Map(open.map((work, at) => [work, again[at]!]));
  const result = { works: [] as Work[], ended: [] as Sent[], unsent: [] as Work[] };
  for (const work of works) {
    const item = by.get(work);
    if (item === undefined) {
      result.works.push(work);
      continue;
    }
    const { answer, exchangeIds, withheld } = made.get(work.ready.audience!.id)!;
    if (withheld === true) result.unsent.push(work);
    else if (answer.outcome !== undefined) result.ended.push({ work, outcome: answer.outcome, exchangeIds });
    else if (item.kind === 'ready') result.works.push(toWork(work, item));
    else result.ended.push({ work, outcome: item.outcome, exchangeIds: [], untried: true });
  }
  return { ...result, exchanges: [...made.values()].flatMap(({ exchanges = [] }) => exchanges) };
}

/** Creates an audience unless it exists; one that an earlier process stored is searched for first. */
export async function makeAudience(
  audience: Audience,
  step: Omit<AudienceStep, 'recall'>,
): Promise<MadeAudience> {
  const { compiled, shared } = step;
  const { destination, kept } = compiled;
  const { create, get } = destination.destination.audiences!;
  const { inTurn = (_name, work) => work() } = shared;
  return compiled.audiences.make(audience, {
    kept,
    stored: () => storedNow(audience, compiled, shared),
    create: () => asked((context) => create(context, audience), step),
    async check(externalId) {
      const checked = await asked((context) => get(context, audience, externalId), step);
      const { outcome } = checked.answer;
      if (outcome?.status !== 'rejected' || REFUSED.has(outcome.code)) return checked;
      const said = `The destination does not find the audience "${audience.key}" (${externalId}): ${outcome.message}`;
      return { ...checked, answer: { outcome: rejected('destination_audience_gone', said) } };
    },
    // A different name from that of turns of the instance: creating an audience may renew a token.
    inTurn: (work) => inTurn(`audiences ${destination.id}`, work),
  });
}

/** Failures of the account say nothing about an audience. */
const REFUSED = new Set<string>([
  'destination_unauthorized',
  'destination_forbidden',
  'destination_address_forbidden',
]);

/** Runs the code of a destination for an audience, and records its calls. */
async function asked(
  ask: (context: SendContext) => ReturnType<Audiences['create']>,
  { compiled, shared, createRequest, exchangeIds }: Omit<AudienceStep, 'recall'>,
): Promise<MadeAudience> {
  const { destination, instance, redactor } = compiled;
  const recorder = createRequest();
  const { request } = recorder;
  const { settings } = destination;
  const context: SendContext = Object.freeze({ settings, request, now: shared.now, instance });
  let answer: AudienceAnswer;
  try {
    answer = checkAudience(await ask(context));
  } catch (error) {
    answer = { outcome: retry('destination_bug', error instanceof Error ? error.message : String(error)) };
  }
  if (recorder.aborted()) return { answer, exchangeIds: [], withheld: true };
  const all = [...recorder.exchanges];
  const first = all.length === 0 ? 0 : await exchangeIds(all.length);
  const exchanges = all.map((exchange, at) => ({ id: first + at, exchange }));
  const clean: AudienceAnswer =
    answer.outcome === undefined
      ? answer
      : { outcome: cleanOutcome(answer.outcome, redactor) as typeof answer.outcome };
  return { answer: clean, exchangeIds: exchanges.map(({ id }) => id), exchanges };
}

/** Returns what is stored for an audience, including by other processes. */
async function storedNow(
  { id }: Audience,
  { destination, kept }: Compiled,
  shared: LaneShared,
): Promise<KeptAudience | undefined> {
  const now = shared.share === undefined ? kept : await openNow(destination, shared);
  const key = keyOf(id);
  const found = readKept(key, now.audiences.get(key));
  if (now !== kept) now.close();
  return found;
}

/** Opens the stored state of a destination. */
export function openNow(
  destination: ResolvedDestination,
  { state, box, logger }: Pick<LaneShared, 'state' | 'box' | 'logger'>,
): Promise<Kept> {
  const { id } = destination;
  const onError = (error: unknown): void =>
    logger.error({ destination: id, err: error }, 'The stored audiences could not be written.');
  return openKept({ state, destination: id, account: accountOf(destination), box, onError });
}
