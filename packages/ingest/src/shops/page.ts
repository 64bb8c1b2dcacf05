import type { Rejected, Retry, RowPage, ShopFailure } from '@waybill/core';

/** A row that the shop cannot give. */
export interface Spoilt {
  /** How many rows of the reading stand before it. */
  readonly skip: number;
  readonly failure: Rejected | Retry;
}

/** A page without the rows that spoil it. */
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

/** When so many parts of a page fail and none is answered, the shop fails and not a row. */
const PARTS = 8;
/** Failures that have nothing to do with a row. */
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

/** Whether a failure says something of the shop, or of the settings, and nothing of what was asked for. */
export function isOfTheShop({ code }: Rejected | Retry): boolean {
  return OF_THE_SHOP.has(code);
}

/**
 * Finds the rows that spoil a page which could not be read: divides it again and again. Answers the failure when the shop
 * answers nothing at all.
 */
export async function divide(
  read: ReadPart,
  whole: { readonly skip: number; readonly limit: number },
  failure: Rejected | Retry,
): Promise<SoundPage | ShopFailure> {
  let parts: readonly Part[] = [{ ...whole, failure }];
  let answered = false;
  for (;;) {
    const next: Part[] = [];
    for (const part of parts) {
      if (part.failure === undefined || part.limit === 1) {
        next.push(part);
        continue;
      }
      for (const one of halves(part)) {
        const page = await read(one.skip, one.limit);
        if ('failure' in page && isOfTheShop(page.failure)) return page;
        answered ||= !('failure' in page);
        next.push({ ...one, ...page });
      }
    }
    parts = next;
    const open = parts.filter((part) => part.failure !== undefined);
    const indivisible = open.every(({ limit }) => limit === 1);
    if (!answered && (indivisible || open.length >= PARTS)) {
      // Perhaps nothing but bad rows: what comes after them tells.
      const after = await read(whole.skip + whole.limit, whole.limit);
      if ('failure' in after) return { failure };
      answered = true;
    }
    if (indivisible) break;
  }
  return soundPage(parts, whole.limit);
}

function soundPage(parts: readonly Part[], limit: number): SoundPage {
  const spoilt = parts.flatMap(({ skip, failure }) => (failure === undefined ? [] : [{ skip, failure }]));
  const rows = parts.flatMap((part) => part.rows ?? []);
  return { rows, spoilt, more: rows.length + spoilt.length >= limit };
}

/** The parts of a page by its smallest divisor: what is skipped stays a multiple of what is read. */
function halves({ skip, limit }: Part): readonly Part[] {
  let parts = 2;
  while (limit % parts !== 0) parts += 1;
  const size = limit / parts;
  return Array.from({ length: parts }, (_, at) => ({ skip: skip + at * size, limit: size }));
}
