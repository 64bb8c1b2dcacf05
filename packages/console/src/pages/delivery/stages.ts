import type { Destination, OverviewCounts } from '@waybill/api';

/** The funnel of a mapping in a period. `accepted` counts events, the rest finished items. */
export interface Stages {
  readonly mappingId: string;
  /** Events of the sources that the destination receives from. */
  readonly accepted: number;
  readonly matched: number;
  /** Those with a request. */
  readonly ready: number;
  readonly delivered: number;
  readonly skipped: number;
  readonly rejected: number;
  /** Retried attempts. */
  readonly retried: number;
}

/** Why items of a mapping failed, or were not sent. */
export interface StageReason {
  /** Empty for events that matched no mapping. */
  readonly mappingId: string;
  readonly status: 'rejected' | 'retry' | 'skipped';
  readonly code: string;
  readonly count: number;
}

type Shown = Pick<Destination, 'id' | 'sources' | 'mappings'>;

/** Codes of items that end before a request. */
const BEFORE_SENDING = /^(event|trigger|mapping|payload|identity)_|^action_value_invalid$/;

/** Returns the funnel of every mapping of a destination, including removed ones with items. */
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

/** Returns why items of a destination were not delivered, or are retried: by severity and frequency. */
export function reasonsOf({ outcomes }: OverviewCounts, destination: string): readonly StageReason[] {
  return ORDER.flatMap((status) =>
    outcomes
      .filter((one) => one.destination === destination && one.status === status)
      .toSorted((a, b) => b.count - a.count)
      .map(({ mappingId, code, count }) => ({ mappingId, status, code, count })),
  );
}
