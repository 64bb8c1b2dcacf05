import type { Rejected, Retry, RowPage, ShopFailure } from '@waybill/core';

/** A row that the shop cannot return. */
export interface Spoilt {
  /** The number of rows of the reading before it. */
  readonly skip: number;
  readonly failure: Rejected | Retry;
}

/** A page without its failing rows. */
export interface SoundPage extends RowPage {
  readonly spoilt: readonly Spoilt[];
}

/** Reads a part of a page. */
export type ReadPart = (skip: number, limit: number) => Promise<RowPage | ShopFailure>;

interface Part {
  readonly skip: number;
  readonly limit: number;
  readonly rows?: readonly unknown[];
  readonly failure?: Rejected | Retry;
}

/** The number of failed calls after which the shop is probed again. */
const PROBE_EVERY = 10;
/** The later pages used as probes of the shop: the first row of one of them may also fail. */
const PROBES = [1, 5];
/** Failures that no row causes. */
const OF_THE_SHOP: ReadonlySet<string> = new Set([
  'destination_unauthorized',
  'destination_forbidden',
  'destination_rate_limited',
  'destination_address_forbidden',
  'source_unauthorized',
  'source_forbidden',
  'source_not_found',
  'source_rate_limited',
]);

/** Whether a failure is about the shop or the settings, not about the requested rows. */
export function isOfTheShop({ code }: Rejected | Retry): boolean {
  return OF_THE_SHOP.has(code);
}

/**
 * Finds the failing rows of an unreadable page by bisection. Returns the failure when the shop does not answer for other rows
 * either.
 */
export async function divide(
  read: ReadPart,
  whole: { readonly skip: number; readonly limit: number },
  failure: Rejected | Retry,
): Promise<SoundPage | ShopFailure> {
  let failures = 0;
  let parts: readonly Part[] = [{ ...whole, failure }];
  if (!(await answers(read, whole))) return { failure };
  while (parts.some(isDivisible)) {
    const next: Part[] = [];
    for (const part of parts) {
      for (const one of isDivisible(part) ? halves(part) : []) {
        const page = await read(one.skip, one.limit);
        if ('failure' in page && isOfTheShop(page.failure)) return page;
        next.push({ ...one, ...page });
        if ('failure' in page && (failures += 1) % PROBE_EVERY === 0 && !(await answers(read, whole)))
          return page;
      }
      if (!isDivisible(part)) next.push(part);
    }
    parts = next;
  }
  return (await answers(read, whole)) ? soundPage(parts, whole.limit) : { failure };
}

function isDivisible({ failure, limit }: Part): boolean {
  return failure !== undefined && limit > 1;
}

/** Whether the shop answers for rows after a page. */
async function answers(
  read: ReadPart,
  { skip, limit }: { readonly skip: number; readonly limit: number },
): Promise<boolean> {
  for (const pages of PROBES) if (!('failure' in (await read(skip + pages * limit, 1)))) return true;
  return false;
}

function soundPage(parts: readonly Part[], limit: number): SoundPage {
  const spoilt = parts.flatMap(({ skip, failure }) => (failure === undefined ? [] : [{ skip, failure }]));
  const rows = parts.flatMap((part) => part.rows ?? []);
  return { rows, spoilt, more: rows.length + spoilt.length >= limit };
}

/** Splits a page by its smallest divisor: offsets stay multiples of the page size. */
function halves({ skip, limit }: Part): readonly Part[] {
  let parts = 2;
  while (limit % parts !== 0) parts += 1;
  const size = limit / parts;
  return Array.from({ length: parts }, (_, at) => ({ skip: skip + at * size, limit: size }));
}
