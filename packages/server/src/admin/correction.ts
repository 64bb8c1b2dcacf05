import { type Event, type Issue, normaliseEvent, orderKey } from '@waybill/core';
import type { Correction, DeadLetterRow, Log } from '@waybill/delivery';
import { MAX_EVENT_BYTES } from '@waybill/ingest';
import { Failure } from '../failure.ts';

/** The bytes that reception may have added to an event of the maximum size. */
const ADDED_BYTES = 4_096;

/**
 * Returns the corrected copy of an event from a request, validated like an arriving event. It stays the same event: its
 * messageId and the data about its arrival are those in the log. Throws a Failure when it is invalid.
 */
export async function correctionOf(
  given: Readonly<Record<string, unknown>>,
  { seq }: Pick<DeadLetterRow, 'seq'>,
  log: Pick<Log, 'read'>,
): Promise<Correction> {
  const [logged] = await log.read({ seqs: [seq] });
  if (logged === undefined || logged.damage !== undefined)
    throw new Failure('request_not_found', 'The event is no longer in the log.');
  const { messageId, timestamp, receivedAt, sentAt, originalTimestamp } = logged.event;
  const { sentAt: _sent, originalTimestamp: _original, ...copy } = given;
  if ((copy['messageId'] ?? messageId) !== messageId) {
    const message = `The copy must keep the messageId "${messageId}".`;
    throw invalid([{ code: 'event_invalid', path: 'messageId', message }]);
  }
  const read = normaliseEvent(
    { timestamp, ...copy, messageId },
    { receivedAt: Date.parse(receivedAt), newMessageId: () => messageId },
  );
  if (!read.ok) throw invalid(read.issues);
  if (Buffer.byteLength(JSON.stringify(read.value)) > MAX_EVENT_BYTES + ADDED_BYTES)
    throw new Failure('event_too_large');
  const { originalTimestamp: _again, ...rest } = read.value;
  const event: Event = {
    ...rest,
    ...(sentAt === undefined ? {} : { sentAt }),
    ...(originalTimestamp === undefined ? {} : { originalTimestamp }),
  };
  return { event, user: orderKey(event) };
}

function invalid(issues: readonly Issue[]): Failure {
  return new Failure('event_invalid', issues.map(({ message }) => message).join(' '), issues);
}
