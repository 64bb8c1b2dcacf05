import type { ErrorCode } from '@waybill/core';
import type {
  ConflictRow,
  DeadLetterRow,
  ExchangeRow,
  FinalStatus,
  OutcomeRow,
  RetryRow,
} from '../../stores/rows.ts';

/** A row of `outcomes`: the outcome of the positions from `first` to `last`. */
export interface StoredOutcome {
  readonly destination: string;
  readonly mapping_id: string;
  readonly first: number;
  readonly last: number;
  readonly status: FinalStatus;
  readonly attempts: number;
  readonly at: number;
  readonly code: ErrorCode | null;
  readonly message: string | null;
  readonly field: string | null;
  readonly exchange_id: number | null;
  readonly mapping_version: number | null;
}

/** A row of `retries`. */
export interface StoredRetry {
  readonly destination: string;
  readonly seq: number;
  readonly mapping_id: string;
  readonly position: number;
  readonly user_key: string;
  readonly attempts: number;
  readonly due_at: number;
  readonly first_failed_at: number | null;
  readonly code: ErrorCode | null;
  readonly message: string | null;
  readonly exchange_id: number | null;
}

/** A row of `dead_letters`. */
export interface StoredDeadLetter {
  readonly id: number;
  readonly destination: string;
  readonly partition: number;
  readonly seq: number;
  readonly mapping_id: string;
  readonly mapping_version: number | null;
  readonly position: number;
  readonly message_id: string;
  readonly source_id: string;
  readonly user_key: string;
  readonly at: number;
  readonly code: ErrorCode;
  readonly message: string;
  readonly field: string | null;
  readonly attempts: number;
  readonly payload: string | null;
  readonly payload_cut: boolean;
  /** JSON. */
  readonly exchanges: string;
  readonly replayed_at: number | null;
}

/** A row of `exchanges`. */
export interface StoredExchange {
  readonly id: number;
  readonly destination: string;
  readonly at: number;
  readonly duration_ms: number;
  readonly request: string;
  readonly response: string | null;
  readonly failure: string | null;
}

/** A row of `conflicts`. */
export interface StoredConflict {
  readonly id: number;
  readonly destination: string;
  readonly seq: number;
  readonly mapping_id: string;
  readonly user_key: string;
  readonly field: string;
  readonly rule: ConflictRow['rule'];
  readonly source_id: string;
  readonly kept_source_id: string | null;
  readonly at: number;
}

/** Leaves out what is null in the table: absent members are absent, not undefined. */
function present<T extends object>(members: { readonly [K in keyof T]: T[K] | null }): Partial<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null)) as Partial<T>;
}

/** Converts a row to the outcome of one position. */
export function toOutcome(row: StoredOutcome, seq: number): OutcomeRow {
  return {
    destination: row.destination,
    seq,
    mappingId: row.mapping_id,
    status: row.status,
    attempts: row.attempts,
    at: row.at,
    ...present<Pick<OutcomeRow, 'mappingVersion' | 'code' | 'message' | 'field' | 'exchangeId'>>({
      mappingVersion: row.mapping_version,
      code: row.code,
      message: row.message,
      field: row.field,
      exchangeId: row.exchange_id,
    }),
  };
}

/** Converts an outcome to a row. */
export function fromOutcome(row: OutcomeRow): StoredOutcome {
  return {
    destination: row.destination,
    mapping_id: row.mappingId,
    first: row.seq,
    last: row.through ?? row.seq,
    status: row.status,
    attempts: row.attempts,
    at: row.at,
    code: row.code ?? null,
    message: row.message ?? null,
    field: row.field ?? null,
    exchange_id: row.exchangeId ?? null,
    mapping_version: row.mappingVersion ?? null,
  };
}

/** Converts a row to a waiting row of the port. */
export function toRetry(row: StoredRetry): RetryRow {
  return {
    destination: row.destination,
    seq: row.seq,
    mappingId: row.mapping_id,
    position: row.position,
    user: row.user_key,
    attempts: row.attempts,
    dueAt: row.due_at,
    ...present<Pick<RetryRow, 'firstFailedAt' | 'code' | 'message' | 'exchangeId'>>({
      firstFailedAt: row.first_failed_at,
      code: row.code,
      message: row.message,
      exchangeId: row.exchange_id,
    }),
  };
}

/** Converts a row to a dead letter. */
export function toDeadLetter(row: StoredDeadLetter): DeadLetterRow {
  return {
    id: row.id,
    destination: row.destination,
    seq: row.seq,
    mappingId: row.mapping_id,
    position: row.position,
    messageId: row.message_id,
    sourceId: row.source_id,
    user: row.user_key,
    at: row.at,
    code: row.code,
    message: row.message,
    attempts: row.attempts,
    exchangeIds: JSON.parse(row.exchanges) as number[],
    ...(row.payload === null ? {} : { payload: JSON.parse(row.payload) as unknown }),
    ...(row.payload_cut ? { payloadCut: true } : {}),
    ...present<Pick<DeadLetterRow, 'mappingVersion' | 'field' | 'replayedAt'>>({
      mappingVersion: row.mapping_version,
      field: row.field,
      replayedAt: row.replayed_at,
    }),
  };
}

/** Converts a row to an exchange. */
export function toExchange(row: StoredExchange): ExchangeRow {
  return {
    id: row.id,
    destination: row.destination,
    at: row.at,
    durationMs: row.duration_ms,
    request: JSON.parse(row.request) as ExchangeRow['request'],
    ...(row.response === null
      ? {}
      : { response: JSON.parse(row.response) as NonNullable<ExchangeRow['response']> }),
    ...(row.failure === null ? {} : { failure: row.failure }),
  };
}

/** Converts a row to a conflict. */
export function toConflict(row: StoredConflict): ConflictRow {
  return {
    id: row.id,
    destination: row.destination,
    seq: row.seq,
    mappingId: row.mapping_id,
    user: row.user_key,
    field: row.field,
    rule: row.rule,
    sourceId: row.source_id,
    ...(row.kept_source_id === null ? {} : { keptSourceId: row.kept_source_id }),
    at: row.at,
  };
}
