import type { Event } from '@waybill/core';
import type { LoggedEvent, LogQuery, LogSpan, Period } from '../../stores/log.ts';
import type { Statements } from './database.ts';
import type { Horizon } from './horizon.ts';
import { type Keys, messageKey } from './message-key.ts';
import { decodeText } from './text.ts';

/** An event of a page. */
type Row = readonly [seq: number, partition: number, sourceId: string, event: Event];

const MOST = Number.MAX_SAFE_INTEGER;
const COLUMNS = 'seq, partition, source_id, body';
/** Rows as one JSON string: separate rows would each be read, decoded and parsed. */
const asPage = (rows: string, order: 'ASC' | 'DESC' = 'ASC'): string =>
  `SELECT '[' || coalesce(string_agg(concat('[', seq, ',', partition, ',', to_json(source_id), ',', body, ']'), ','
     ORDER BY seq ${order}), '') || ']' AS page FROM (${rows}) AS rows`;

/** Reads events. */
export interface LogReader {
  read(query: LogQuery): Promise<readonly LoggedEvent[]>;
  lastSeq(partition: number | undefined): Promise<number>;
  span(period: Period): Promise<LogSpan | undefined>;
}

/** Creates a reader that returns nothing before which something can still appear. */
export function createReader({ one, often }: Statements, horizon: Horizon, keys: Keys): LogReader {
  const rowsOf = async (text: string, ...values: readonly unknown[]): Promise<readonly Row[]> =>
    JSON.parse((await often<{ page: string }>(text, ...values))?.page ?? '[]') as readonly Row[];
  const page = async (
    where: string,
    values: readonly unknown[],
    { order, limit, maxBytes = MOST }: { order: 'ASC' | 'DESC'; limit: number; maxBytes: number | undefined },
  ): Promise<readonly Row[]> => {
    const last = await horizon.readable();
    // The size of a string is known without reading it, so strings beyond the limit are not read.
    return rowsOf(
      asPage(
        `SELECT ${COLUMNS} FROM (
         SELECT ${COLUMNS}, coalesce(sum(octet_length(body)) OVER (ORDER BY seq ${order} ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before
         FROM (SELECT ${COLUMNS} FROM ~events WHERE seq <= $1 AND ${where} ORDER BY seq ${order} LIMIT $2) AS rows
       ) AS counted WHERE before = 0 OR before < $3`,
        order,
      ),
      last,
      Math.min(limit, MOST),
      Math.min(maxBytes, MOST),
      ...values,
    );
  };
  const find = (query: LogQuery): Promise<readonly Row[]> => {
    if ('seqs' in query)
      return rowsOf(asPage(`SELECT ${COLUMNS} FROM ~events WHERE seq = ANY ($1::bigint[])`), query.seqs);
    if ('messageId' in query)
      return rowsOf(
        asPage(`SELECT ${COLUMNS} FROM ~events WHERE message = $1`),
        messageKey(query.messageId, keys),
      );
    if ('before' in query) {
      const { before, limit, maxBytes } = query;
      return page('seq < $4', [Math.min(before, MOST)], { order: 'DESC', limit, maxBytes });
    }
    const { after, limit } = query;
    if ('arrived' in query) {
      const { from, to } = query.arrived;
      const values = [after, whole(from), whole(to)];
      return page('seq > $4 AND at >= $5 AND at <= $6', values, { order: 'ASC', limit, maxBytes: undefined });
    }
    const { partition, maxBytes } = query;
    if (partition === undefined) return page('seq > $4', [after], { order: 'ASC', limit, maxBytes });
    return page('partition = $4 AND seq > $5', [partition, after], { order: 'ASC', limit, maxBytes });
  };
  return {
    read: async (query) =>
      (await find(query)).map(([seq, partition, source, event]) => {
        const row = { seq, sourceId: decodeText(source), event };
        return partition === 0 ? row : { ...row, partition };
      }),
    async lastSeq(partition) {
      const last = await horizon.readable();
      const own = partition === undefined ? '' : 'partition = $2 AND';
      const row = await one<{ seq: number | null }>(
        `SELECT greatest(
           (SELECT seq FROM ~events WHERE ${own} seq <= $1 ORDER BY seq DESC LIMIT 1),
           (SELECT max(seq) FROM ~removed WHERE ${own} true)) AS seq`,
        last,
        ...(partition === undefined ? [] : [partition]),
      );
      return row?.seq ?? 0;
    },
    async span({ from, to }) {
      const last = await horizon.readable();
      const end = (order: 'ASC' | 'DESC'): string =>
        `(SELECT seq FROM ~events WHERE at >= $1 AND at <= $2 AND seq <= $3 ORDER BY at ${order}, seq ${order} LIMIT 1)`;
      const row = await one<{ first: number | null; last: number | null }>(
        `SELECT least(one, other) AS first, greatest(one, other) AS last
         FROM (SELECT ${end('ASC')} AS one, ${end('DESC')} AS other) AS ends`,
        whole(from),
        whole(to),
        last,
      );
      const [first, through] = [row?.first ?? undefined, row?.last ?? undefined];
      return first === undefined || through === undefined ? undefined : { first, last: through };
    },
  };
}

function whole(time: number): number {
  return Math.trunc(Math.max(-MOST, Math.min(time, MOST)));
}
