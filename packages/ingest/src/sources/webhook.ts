import type { ErrorCode, ResolvedSource, SourceContext, WebhookAnswer, WebhookRequest } from '@waybill/core';
import type { Intake, Origin, Refused } from '../intake/intake.ts';

/** The result of a request to a webhook. */
export type Received =
  | { readonly accepted: number; readonly refused: readonly Refused[] }
  | { readonly failure: { readonly code: ErrorCode; readonly message: string } };

/**
 * Accepts the events of a request to the webhook of a source; resolves when they are durable. A refused request is recorded
 * with the reason, like each of its refused events.
 */
export async function receive(
  source: ResolvedSource,
  request: WebhookRequest,
  input: {
    readonly intake: Intake;
    readonly context: SourceContext;
    readonly warn?: Origin['warn'];
  },
): Promise<Received> {
  const { intake, context, warn } = input;
  const origin = { source, path: 'webhook', list: 'events', ...(warn === undefined ? {} : { warn }) };
  const answer = await answerOf(source, request, context);
  if ('refused' in answer) {
    intake.refuse([{ issues: [{ ...answer.refused, path: '' }] }], origin);
    return { failure: answer.refused };
  }
  const { accepted, refused, stored } = intake.take(answer.events, origin);
  await stored;
  return { accepted, refused };
}

async function answerOf(
  { source }: ResolvedSource,
  request: WebhookRequest,
  context: SourceContext,
): Promise<WebhookAnswer> {
  try {
    const answer = await source!.webhook!(request, context);
    if ('refused' in answer || Array.isArray(answer.events)) return answer;
    return failed('It did not return a list of events.');
  } catch (error) {
    return failed(error instanceof Error ? error.message : String(error));
  }
}

/** The sender retries: corrected code may read it later. */
function failed(message: string): WebhookAnswer {
  return { refused: { code: 'source_failed', message } };
}
