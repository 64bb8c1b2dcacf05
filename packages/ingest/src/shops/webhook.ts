import type {
  ErrorCode,
  Hint,
  HintAnswer,
  ResolvedSource,
  ShopStream,
  SourceContext,
  WebhookRequest,
} from '@waybill/core';
import type { Intake, Origin } from '../intake/intake.ts';
import { thrown } from './states.ts';

/** The result of a request to the webhook of a shop. */
export type Hinted =
  | { readonly taken: number; readonly answer?: Extract<HintAnswer, { readonly hints: unknown }>['answer'] }
  | { readonly failure: { readonly code: ErrorCode; readonly message: string } };

/** The maximum number of hints of a request. */
const MOST_HINTS = 1_000;
const MOST_ID = 500;
/** The maximum bytes of a row in a request; larger ones are fetched. */
const MOST_ROW = 256 * 1024;

/** Accepts the hints of a request to the webhook of a shop; resolves when they are durable. */
export async function receiveHints(
  source: ResolvedSource,
  request: WebhookRequest,
  input: {
    readonly take: (hints: readonly Hint[]) => Promise<'taken' | 'full'>;
    readonly intake: Pick<Intake, 'refuse'>;
    readonly context: SourceContext;
    readonly warn?: Origin['warn'];
  },
): Promise<Hinted> {
  const { intake, context, warn } = input;
  const given = await answerOf(source, request, context);
  if ('refused' in given) {
    const origin = { source, path: 'webhook', ...(warn === undefined ? {} : { warn }) };
    intake.refuse([{ issues: [{ ...given.refused, path: '' }] }], origin);
    return { failure: given.refused };
  }
  const { hints, answer } = given;
  if (hints.length > 0 && (await input.take(hints)) === 'full')
    return {
      failure: {
        code: 'server_overloaded',
        message: 'Too many changes of this shop are waiting to be read.',
      },
    };
  return { taken: hints.length, ...(answer === undefined ? {} : { answer }) };
}

async function answerOf(
  { source }: ResolvedSource,
  request: WebhookRequest,
  context: SourceContext,
): Promise<HintAnswer> {
  const { hints: read, streams } = source!.shop!;
  try {
    const answer = await read!(request, context);
    if ('refused' in answer) return answer;
    return { ...answer, hints: soundHints(answer.hints, streams) };
  } catch (error) {
    // The sender retries: corrected code may read it later.
    const { code, message } = thrown(error);
    return { refused: { code, message } };
  }
}

/** Validates hints and drops rows that are too large. Throws for hints without a row, and for too many. */
export function soundHints(
  hints: readonly Hint[],
  streams: Readonly<Record<string, ShopStream>>,
): readonly Hint[] {
  const wrong = hints.find(({ stream, id }) => !Object.hasOwn(streams, stream) || !isId(id));
  if (wrong !== undefined) throw new Error(`There is no row "${String(wrong.id)}" of "${wrong.stream}".`);
  if (hints.length > MOST_HINTS) throw new Error(`A request has at most ${MOST_HINTS} hints.`);
  return hints.map(withinBounds);
}

function isId(id: unknown): boolean {
  return typeof id === 'string' && id !== '' && id.length <= MOST_ID;
}

function withinBounds(hint: Hint): Hint {
  const { row, ...rest } = hint;
  return row === undefined || Buffer.byteLength(JSON.stringify(row) ?? '') <= MOST_ROW ? hint : rest;
}
