import {
  type Audience,
  type AudienceAnswer,
  checkAudience,
  type RecallMany,
  recalling,
  retry,
  type SendContext,
} from '@waybill/core';
import { accountOf, openKept } from '../instance/kept.ts';
import type { RecordedRequest } from '../request/request.ts';
import { cleanOutcome } from '../request/secrets.ts';
import { type Sent, toWork, type Work } from '../work.ts';
import { keyOf, type MadeAudience, readKept } from './audience-ids.ts';
import type { NumberedExchange } from './call.ts';
import type { Compiled } from './compile.ts';
import type { ExchangeIds } from './exchange-ids.ts';
import type { LaneShared } from './lane-shared.ts';

/** What making audiences takes of a step. */
export interface AudienceStep {
  readonly compiled: Compiled;
  readonly shared: LaneShared;
  readonly createRequest: () => RecordedRequest;
  readonly exchangeIds: ExchangeIds;
  readonly recall: RecallMany;
}

/** Works whose audiences there are, those that end because theirs could not be made, and the calls it took. */
export interface WithAudiences {
  readonly works: readonly Work[];
  readonly ended: readonly Sent[];
  readonly unsent: readonly Work[];
  readonly exchanges: readonly NumberedExchange[];
}

/** Makes the audiences that works wait for, and the works again with their ids. */
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

/** Makes an audience unless it is there, whoever has made it. */
export async function makeAudience(
  audience: Audience,
  { compiled, shared, createRequest, exchangeIds }: Omit<AudienceStep, 'recall'>,
): Promise<MadeAudience> {
  const { destination, kept, instance, redactor } = compiled;
  const make = async (): Promise<MadeAudience> => {
    const elsewhere = await keptElsewhere(audience, compiled, shared);
    if (elsewhere !== undefined) return { answer: { externalId: elsewhere }, exchangeIds: [] };
    const recorder = createRequest();
    const { request } = recorder;
    const { settings } = destination;
    const context: SendContext = Object.freeze({ settings, request, now: shared.now, instance });
    let answer: AudienceAnswer;
    try {
      answer = checkAudience(await destination.destination.audiences!.create(context, audience));
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
  };
  const { inTurn = (_name, work) => work() } = shared;
  // Another name than that of turns with the instance: making an audience may renew a token.
  return shared.audiences.make(audience, kept, {
    make,
    inTurn: (work) => inTurn(`audiences ${destination.id}`, work),
  });
}

/** What another process has made of it meanwhile. */
async function keptElsewhere(
  audience: Audience,
  { destination }: Compiled,
  { state, box, logger, share }: LaneShared,
): Promise<string | undefined> {
  if (share === undefined) return undefined;
  const account = accountOf(destination);
  const onError = (error: unknown): void =>
    logger.error({ destination: destination.id, err: error }, 'The stored audiences cannot be read.');
  const now = await openKept({ state, destination: destination.id, account, box, onError });
  const found = readKept(now.audiences.get(keyOf(audience)));
  now.close();
  return found;
}
