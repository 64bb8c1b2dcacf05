import { type Event, type Issue, normaliseEvent, orderKey } from '@waybill/core';
import type { Correction, DeadLetterRow, Log } from '@waybill/delivery';
import { MAX_EVENT_BYTES } from '@waybill/ingest';
import { Failure } from '../failure.ts';

/** What reception may have added to an event that was as large as one can be. */
const ADDED_BYTES = 4_096;

/**
 * The corrected copy of an event that a request gives, checked as an event that arrives is. It stays the same event: the messageId
 * by which destinations know it, and what was noted at its arrival, are those of the log. Throws a Failure when that cannot be.
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
