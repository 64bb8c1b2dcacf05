import type { Destination, OverviewCounts } from '@waybill/api';

/** How far items of a mapping came in a period. Of what was accepted it counts events, of the rest items that have ended. */
export interface Stages {
  readonly mappingId: string;
  /** Events of the sources that the destination receives from. */
  readonly accepted: number;
  readonly matched: number;
  /** Those that got as far as a request. */
  readonly ready: number;
  readonly delivered: number;
  readonly skipped: number;
  readonly rejected: number;
  /** Attempts that are repeated. */
  readonly retried: number;
}

/** Why items of a mapping did not get through, or were not sent. */
export interface StageReason {
  /** Empty for events that no mapping was for. */
  readonly mappingId: string;
  readonly status: 'rejected' | 'retry' | 'skipped';
  readonly code: string;
  readonly count: number;
}

type Shown = Pick<Destination, 'id' | 'sources' | 'mappings'>;

/** Codes with which an item ends before there is a request. */
const BEFORE_SENDING = /^(event|trigger|mapping|payload|identity)_|^action_value_invalid$/;

/** The stages of every mapping of a destination, those that are gone but had items too. */
export function stagesOf(counts: OverviewCounts, { id, sources, mappings = [] }: Shown): readonly Stages[] {
  const accepted = counts.sources
    .filter(({ sourceId }) => sources === undefined || sources.includes(sourceId))
    .reduce((sum, one) => sum + one.accepted, 0);
  const own = counts.outcomes.filter(({ destination, mappingId }) => destination === id && mappingId !== '');
  const ids = new Set([...mappings.map((one) => one.id), ...own.map(({ mappingId }) => mappingId)]);
  return [...ids].map((mappingId) => {
    const rows = own.filter((one) => one.mappingId === mappingId);
    const sum = (counted: (row: (typeof rows)[number]) => boolean): number =>
      rows.reduce((before, row) => before + (counted(row) ? row.count : 0), 0);
    const matched = sum(({ status }) => status !== 'retry');
    return {
      mappingId,
      accepted,
      matched,
      ready: matched - sum(({ status, code }) => status !== 'retry' && BEFORE_SENDING.test(code)),
      delivered: sum(({ status }) => status === 'delivered'),
      skipped: sum(({ status }) => status === 'skipped'),
      rejected: sum(({ status }) => status === 'rejected'),
      retried: sum(({ status }) => status === 'retry'),
    };
  });
}

const ORDER = ['rejected', 'retry', 'skipped'] as const;

/** Why items of a destination ended otherwise than delivered, or are tried again: the worst and the most frequent first. */
export function reasonsOf({ outcomes }: OverviewCounts, destination: string): readonly StageReason[] {
  return ORDER.flatMap((status) =>
    outcomes
      .filter((one) => one.destination === destination && one.status === status)
      .toSorted((a, b) => b.count - a.count)
      .map(({ mappingId, code, count }) => ({ mappingId, status, code, count })),
  );
}
