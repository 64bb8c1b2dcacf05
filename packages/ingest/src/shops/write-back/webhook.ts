import { consentUpdates } from '@waybill/commerce';
import type { ErrorCode, Hint, ResolvedSource, ShopSettings, WebhookRequest } from '@waybill/core';
import type { Intake, Origin } from '../../intake/intake.ts';
import { sameSecret } from '../../secret.ts';
import { hintsOfUpdates } from './apply.ts';

/** The result of a request of Iterable. */
export type ConsentTaken =
  | { readonly taken: number; readonly passedOver: number }
  | { readonly failure: { readonly code: ErrorCode; readonly message: string } };

/** The maximum number of events of a request. */
const MOST_UPDATES = 1_000;

/** Accepts consents from the system webhooks of Iterable; resolves when they are durable. Unreadable parts are recorded. */
export async function receiveConsent(
  source: ResolvedSource,
  request: WebhookRequest,
  input: {
    readonly take: (hints: readonly Hint[]) => Promise<'taken' | 'full'>;
    readonly intake: Pick<Intake, 'refuse'>;
    readonly warn?: Origin['warn'];
  },
): Promise<ConsentTaken> {
  const { warn } = input;
  const origin = { source, path: 'consent', ...(warn === undefined ? {} : { warn }) };
  const refuse = (code: ErrorCode, messages: readonly string[]): void =>
    input.intake.refuse(
      messages.map((message) => ({ issues: [{ code, path: '', message }] })),
      origin,
    );
  const fail = (code: ErrorCode, message: string): ConsentTaken => {
    refuse(code, [message]);
    return { failure: { code, message } };
  };
  const { consentSecret = '', consentIds = [] } = source.settings as ShopSettings;
  const [, given = ''] = /^Bearer (.+)$/i.exec(request.headers['authorization'] ?? '') ?? [];
  if (!sameSecret(given, consentSecret) || consentSecret === '')
    return fail('source_signature_invalid', 'The request does not have consentSecret as its bearer token.');
  const body = parsed(request.body);
  if (body === undefined) return fail('event_invalid_json', 'The body is not JSON.');
  if (Array.isArray(body) && body.length > MOST_UPDATES)
    return fail('event_batch_too_long', `A request has at most ${MOST_UPDATES} events.`);
  const { updates, passedOver } = consentUpdates(body, consentIds);
  if (updates.length > 0 && (await input.take(hintsOfUpdates(updates))) === 'full')
    return {
      failure: {
        code: 'server_overloaded',
        message: 'Too many changes are waiting to be written to this shop.',
      },
    };
  refuse('event_invalid', passedOver);
  return { taken: updates.length, passedOver: passedOver.length };
}

function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body)) as unknown;
  } catch {
    return undefined;
  }
}
