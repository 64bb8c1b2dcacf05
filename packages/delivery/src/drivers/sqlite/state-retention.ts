import type { StateLimits, StatePruned, StateSizes } from '../../stores/rows.ts';
import type { Database } from './database.ts';
import type { Names } from './names.ts';
import { forgetCorrections } from './state-corrections.ts';
import type { Gaps } from './state-gaps.ts';
import { neededSeqs } from './state-lanes.ts';
import type { Outcomes } from './state-outcomes.ts';
import { KEPT_EXCHANGES, lastExchange } from './state-settle.ts';

/** The number of rows of outcomes removed in one transaction: no longer than a settlement. */
const OUTCOMES = 5_000;
/** The number of positions inspected in one transaction, where there are few rows. */
const SPAN = 200_000;
/** The number of dead letters, and of exchanges, removed in one transaction. */
const ROWS = 500;
/** The maximum bytes of exchanges without a dead letter. */
const SPARE_EXCHANGES = 256 * 2 ** 20;

/** Removes what is beyond the retention from a state, in small steps. Call each within a transaction. */
export interface StateRetention {
  prune(limits: StateLimits): StatePruned;
  /** Deletes dead letters; returns their number. */
  discard(ids: readonly number[]): number;
}

interface Letter {
  readonly id: number;
  readonly lane: number;
  readonly at: number;
  readonly lying: number;
  readonly exchanges: string;
  readonly bytes: number;
}

const LETTER = `id, lane, at, replayed_at IS NULL AS lying, exchanges,
  octet_length(coalesce(payload, '')) + octet_length(message) + 200 AS bytes`;

/** Creates the retention of a state. */
export function createStateRetention(
  database: Database,
  names: Names,
  parts: { readonly outcomes: Outcomes; readonly gaps: Gaps; readonly sizes: () => StateSizes },
): StateRetention {
  const { outcomes, gaps, sizes } = parts;
  /** Exchanges that only these letters refer to are removed with them. */
  const release = (ids: readonly number[]): void => {
    const spareFrom = lastExchange(database) - KEPT_EXCHANGES;
    for (const id of ids) {
      database.run('UPDATE exchanges SET kept = max(0, kept - 1) WHERE id = ?', id);
      if (id <= spareFrom) database.run('DELETE FROM exchanges WHERE id = ? AND kept = 0', id);
    }
  };
  const remove = (letters: readonly Letter[]): void => {
    for (const { id, lane, lying, exchanges } of letters) {
      database.run('DELETE FROM dead_letters WHERE id = ?', id);
      release(JSON.parse(exchanges) as number[]);
      if (lying === 1) database.run('UPDATE lanes SET dead = dead - 1 WHERE lane = ?', lane);
    }
  };
  const pruneLetters = ({
    deadLettersBefore: before,
    maxDeadLetterBytes,
  }: StateLimits): readonly Letter[] => {
    const oldest = database.all<Letter>(`SELECT ${LETTER} FROM dead_letters ORDER BY id LIMIT ?`, ROWS);
    // Letters before an old one are older, even if the clock was wrong.
    const old = oldest.findLastIndex(({ at }) => at < before) + 1;
    const { deadLetters, exchanges } = sizes();
    let excess = deadLetters + Math.max(0, exchanges - SPARE_EXCHANGES) - maxDeadLetterBytes;
    let count = 0;
    for (; count < oldest.length && (count < old || excess > 0); count += 1) excess -= oldest[count]!.bytes;
    const going = oldest.slice(0, count);
    remove(going);
    return going;
  };
  const pruneExchanges = ({ exchangesBefore: before }: StateLimits): number => {
    const oldest = database.all<{ id: number; at: number }>(
      'SELECT id, at FROM exchanges WHERE id > ? AND kept = 0 ORDER BY id LIMIT ?',
      lastExchange(database) - 2 * KEPT_EXCHANGES,
      ROWS,
    );
    const { deadLetters, exchanges } = sizes();
    const tooMuch = deadLetters === 0 && exchanges > SPARE_EXCHANGES;
    const count = tooMuch ? oldest.length : oldest.findLastIndex(({ at }) => at < before) + 1;
    for (const { id } of oldest.slice(0, count)) database.run('DELETE FROM exchanges WHERE id = ?', id);
    return count;
  };
  /** Removes the outcomes of a stretch of the log that nothing needs. */
  const pruneOutcomes = (after: number, upTo: number): { readonly count: number; readonly to: number } => {
    const reached = database.one<{ seq: number }>(
      'SELECT seq FROM outcomes WHERE seq > ? ORDER BY seq LIMIT 1 OFFSET ?',
      after,
      OUTCOMES,
    )?.seq;
    const to = Math.min(upTo, after + SPAN, reached ?? upTo);
    let [count, from] = [0, after + 1];
    for (const needed of [...neededSeqs(database, from, to), to + 1]) {
      if (needed > from) {
        count += outcomes.forget(from, needed - 1);
        forgetCorrections(database, from, needed - 1);
      }
      from = needed + 1;
    }
    gaps.forget(to);
    return { count, to };
  };
  return {
    prune(limits) {
      const { after, outcomesUpTo } = limits;
      const { count, to } =
        after < outcomesUpTo ? pruneOutcomes(after, outcomesUpTo) : { count: 0, to: after };
      const letters = pruneLetters(limits);
      const exchanges = pruneExchanges(limits);
      const expired = new Map<string, number>();
      for (const letter of letters) {
        const destination = names.text(letter.lane);
        expired.set(destination, (expired.get(destination) ?? 0) + 1);
      }
      const more = to < outcomesUpTo || letters.length === ROWS || exchanges === ROWS;
      return {
        outcomes: count,
        exchanges,
        expired: [...expired].map(([destination, letters]) => ({ destination, count: letters })),
        ...(more ? { next: to } : {}),
      };
    },
    discard(ids) {
      const letters = ids.flatMap((id) =>
        database.all<Letter>(`SELECT ${LETTER} FROM dead_letters WHERE id = ?`, id),
      );
      remove(letters);
      return letters.length;
    },
  };
}
