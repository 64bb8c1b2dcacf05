import type { Rejected, Retry, ShopFailure, ShopStream, SourceContext } from '@waybill/core';
import type { TimerWrite } from '@waybill/delivery';
import { type Asides, asideKey } from './aside.ts';
import type { Hints, WaitingHint } from './hints.ts';
import { isOfTheShop } from './page.ts';
import { asked } from './read-task.ts';
import type { GoneRow, ReadRow } from './rows.ts';

/** The result of processing hints. */
export interface HintsRead {
  readonly rows: readonly ReadRow[];
  readonly gone: readonly GoneRow[];
  readonly timers: readonly TimerWrite[];
  /** Streams to poll: their rows cannot be read by ID. */
  readonly poll: readonly string[];
  /** Why the shop cannot be called now; the hints wait. */
  readonly failure?: Rejected | Retry;
}

/** The number of attempts after which a row that cannot be fetched, unlike others, is set aside. */
const MOST_TRIES = 8;
const FIRST_WAIT = 5_000;
const LONGEST_WAIT = 3_600_000;

type Fetched = { readonly row: unknown } | 'gone' | 'poll' | ShopFailure;

/** Fetches the rows of hints. */
export async function readHints(
  batch: readonly WaitingHint[],
  input: {
    readonly streams: Readonly<Record<string, ShopStream>>;
    readonly context: SourceContext;
    readonly hints: Hints;
    readonly asides: Asides;
    readonly now: () => number;
  },
): Promise<HintsRead> {
  const { hints } = input;
  const fetched = await Promise.all(batch.map(async (hint) => ({ hint, got: await fetchRow(hint, input) })));
  const failures = fetched.flatMap(({ got }) => (isFailure(got) ? [got.failure] : []));
  // If nothing is answered, no row is the cause.
  const isDown = failures.length > 1 && failures.length === batch.length;
  const failure = isDown ? failures[0] : failures.find(isOfTheShop);
  const rows: ReadRow[] = [];
  const gone: GoneRow[] = [];
  const timers: TimerWrite[] = [];
  const poll: string[] = [];
  for (const { hint, got } of fetched) {
    const { stream, id } = hint;
    if (isFailure(got)) {
      if (isDown || isOfTheShop(got.failure)) hints.giveBack([hint]);
      else timers.push(...tryLater(hint, got.failure, input));
      continue;
    }
    timers.push(...hints.end(hint));
    if (got === 'gone') gone.push({ stream, id });
    else if (got === 'poll') poll.push(stream);
    else rows.push({ stream, id, row: got.row });
  }
  return { rows, gone, timers, poll, ...(failure === undefined ? {} : { failure }) };
}

async function fetchRow(
  { stream, id, row }: WaitingHint,
  {
    streams,
    context,
  }: { readonly streams: Readonly<Record<string, ShopStream>>; readonly context: SourceContext },
): Promise<Fetched> {
  if (row !== undefined) return { row };
  const { get } = streams[stream] ?? {};
  return get === undefined ? 'poll' : asked<{ readonly row: unknown } | 'gone'>(() => get(id, context));
}

function isFailure(got: Fetched): got is ShopFailure {
  return typeof got === 'object' && 'failure' in got;
}

function tryLater(
  hint: WaitingHint,
  { code, message }: Rejected | Retry,
  { hints, asides, now }: { readonly hints: Hints; readonly asides: Asides; readonly now: () => number },
): readonly TimerWrite[] {
  const { stream, id } = hint;
  const again = later(hint, now());
  if (again !== undefined) return hints.end(hint, again);
  asides.add({ key: asideKey(stream, id), stream, row: id, at: now(), code, message });
  return hints.end(hint);
}

/** Returns when to retry; undefined after the last attempt. */
export function later(
  { tries }: Pick<WaitingHint, 'tries'>,
  now: number,
): { readonly due: number; readonly tries: number } | undefined {
  if (tries + 1 >= MOST_TRIES) return undefined;
  return { due: now + Math.min(LONGEST_WAIT, FIRST_WAIT * 4 ** tries), tries: tries + 1 };
}
