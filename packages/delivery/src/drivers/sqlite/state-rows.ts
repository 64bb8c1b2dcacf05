import type { ErrorCode } from '@waybill/core';
import type { DeadLetterRow, ExchangeRow, FinalStatus, OutcomeRow, RetryRow } from '../../stores/rows.ts';
import type { Names } from './names.ts';

/** The numbers of final states in the file. They never change their meaning. */
export const STATUSES = ['delivered', 'skipped', 'rejected'] as const satisfies readonly FinalStatus[];

/** A row of `outcomes`. */
export interface StoredOutcome {
  readonly seq: number;
  readonly lane: number;
  readonly mapping: number;
  readonly status: number;
  readonly attempts: number;
  readonly at: number;
  readonly code: number | null;
  readonly message: string | null;
  readonly field: string | null;
  readonly exchange: number | null;
  readonly version: number | null;
}

/** A row of `retries`. */
export interface StoredRetry {
  readonly seq: number;
  readonly lane: number;
  readonly mapping: number;
  readonly position: number;
  readonly order_key: string;
  readonly attempts: number;
  readonly due_at: number;
  readonly first_failed_at: number | null;
  readonly code: number | null;
  readonly message: string | null;
  readonly exchange: number | null;
}

/** A row of `dead_letters`. */
export interface StoredDeadLetter {
  readonly id: number;
  readonly lane: number;
  readonly seq: number;
  readonly mapping: number;
  readonly position: number;
  readonly source: number;
  readonly message_id: string;
  readonly order_key: string;
  readonly at: number;
  readonly code: number;
  readonly message: string;
  readonly field: string | null;
  readonly attempts: number;
  readonly payload: string | null;
  readonly payload_cut: number | null;
  readonly exchanges: string;
  readonly replayed_at: number | null;
  readonly version: number | null;
}

/** A row of `exchanges`. */
export interface StoredExchange {
  readonly id: number;
  readonly lane: number;
  readonly at: number;
  readonly duration: number;
  readonly request: string;
  readonly response: string | null;
  readonly failure: string | null;
}

/** Leaves out what is null in the file: absent members are absent, not undefined. */
function present<T extends object>(members: { readonly [K in keyof T]: T[K] | null }): Partial<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null)) as Partial<T>;
}

/** Only codes of the registry are written. */
function code(names: Names, id: number | null): ErrorCode | null {
  return id === null ? null : (names.text(id) as ErrorCode);
}

/** Converts a row to an outcome of the port. */
export function toOutcome(names: Names, row: StoredOutcome): OutcomeRow {
  return {
    destination: names.text(row.lane),
    seq: row.seq,
    mappingId: names.text(row.mapping),
    status: STATUSES[row.status] ?? 'rejected',
    attempts: row.attempts,
    at: row.at,
    ...present<Pick<OutcomeRow, 'mappingVersion' | 'code' | 'message' | 'field' | 'exchangeId'>>({
      mappingVersion: row.version,
      code: code(names, row.code),
      message: row.message,
      field: row.field,
      exchangeId: row.exchange,
    }),
  };
}

/** Converts a row to a waiting row of the port. */
export function toRetry(names: Names, row: StoredRetry): RetryRow {
  return {
    destination: names.text(row.lane),
    seq: row.seq,
    mappingId: names.text(row.mapping),
    position: row.position,
    user: row.order_key,
    attempts: row.attempts,
    dueAt: row.due_at,
    ...present<Pick<RetryRow, 'firstFailedAt' | 'code' | 'message' | 'exchangeId'>>({
      firstFailedAt: row.first_failed_at,
      code: code(names, row.code),
      message: row.message,
      exchangeId: row.exchange,
    }),
  };
}

/** Converts a row to a dead letter of the port. */
export function toDeadLetter(names: Names, row: StoredDeadLetter): DeadLetterRow {
  return {
    id: row.id,
    destination: names.text(row.lane),
    seq: row.seq,
    mappingId: names.text(row.mapping),
    position: row.position,
    messageId: row.message_id,
    sourceId: names.text(row.source),
    user: row.order_key,
    at: row.at,
    code: names.text(row.code) as ErrorCode,
    message: row.message,
    attempts: row.attempts,
    exchangeIds: JSON.parse(row.exchanges) as number[],
    ...(row.payload === null ? {} : { payload: JSON.parse(row.payload) as unknown }),
    ...(row.payload_cut === null ? {} : { payloadCut: true }),
    ...present<Pick<DeadLetterRow, 'mappingVersion' | 'field' | 'replayedAt'>>({
      mappingVersion: row.version,
      field: row.field,
      replayedAt: row.replayed_at,
    }),
  };
}

/** Converts a row to an exchange of the port. */
export function toExchange(names: Names, row: StoredExchange): ExchangeRow {
  return {
    id: row.id,
    destination: names.text(row.lane),
    at: row.at,
    durationMs: row.duration,
    request: JSON.parse(row.request) as ExchangeRow['request'],
    ...(row.response === null
      ? {}
      : { response: JSON.parse(row.response) as NonNullable<ExchangeRow['response']> }),
    ...(row.failure === null ? {} : { failure: row.failure }),
  };
}
