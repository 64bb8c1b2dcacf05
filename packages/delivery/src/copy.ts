import { hash } from 'node:crypto';
import { COPY_NOUNS, type CopyNoun, type CopyPlace, type CopyRow, type Transfer } from './stores/transfer.ts';

/** The number of rows of a noun, and an order-independent checksum of them. */
export interface CopyCheck {
  readonly rows: number;
  readonly checksum: string;
}

/** The copied rows, by noun. */
export type CopyReport = Readonly<Record<CopyNoun, CopyCheck>>;

/** The result of a copy. */
export type CopyOutcome =
  | { readonly status: 'copied'; readonly resumed: boolean; readonly nouns: CopyReport }
  /** The target contains something other than this copy; `noun` is its first. */
  | { readonly status: 'not-empty'; readonly noun: CopyNoun }
  /** The target is an unfinished copy from elsewhere. */
  | { readonly status: 'other-copy'; readonly from: string }
  | { readonly status: 'in-use'; readonly which: 'source' | 'target' }
  /** The source is an unfinished copy itself. */
  | { readonly status: 'unfinished-source' }
  /** The target differs from the source. */
  | {
      readonly status: 'differs';
      readonly noun: CopyNoun;
      readonly source: CopyCheck;
      readonly target: CopyCheck;
    };

/** Reports the progress of a copy. */
export type CopyProgress = (step: {
  readonly doing: 'copying' | 'checking';
  readonly noun: CopyNoun;
  readonly rows: number;
}) => void;

/**
 * Copies stores completely: every position, ID and cursor. An interrupted copy continues where it was. At the end both sides
 * are read again and compared; only then can the target be used. `from` names the source, so that the target recognises its
 * copy.
 */
export async function copyStores(
  source: Transfer,
  target: Transfer,
  { from, progress }: { readonly from: string; readonly progress: CopyProgress },
): Promise<CopyOutcome> {
  if ((await source.unfinished()) !== undefined) return { status: 'unfinished-source' };
  if (await source.isHeld()) return { status: 'in-use', which: 'source' };
  const begun = await target.unfinished();
  if (begun !== undefined && begun !== from) return { status: 'other-copy', from: begun };
  if (begun === undefined) {
    if (await target.isHeld()) return { status: 'in-use', which: 'target' };
    for (const noun of COPY_NOUNS)
      if ((await target.page(noun, undefined)).rows.length > 0) return { status: 'not-empty', noun };
  }
  await target.begin(from);
  for (const noun of COPY_NOUNS) await copyNoun(source, target, noun, progress);
  const nouns: Partial<Record<CopyNoun, CopyCheck>> = {};
  for (const noun of COPY_NOUNS) {
    const read = await checkOf(source, noun);
    const written = await checkOf(target, noun);
    progress({ doing: 'checking', noun, rows: written.rows });
    if (read.rows !== written.rows || read.checksum !== written.checksum)
      return { status: 'differs', noun, source: read, target: written };
    nouns[noun] = read;
  }
  await target.finish();
  return { status: 'copied', resumed: begun !== undefined, nouns: nouns as CopyReport };
}

async function copyNoun(
  source: Transfer,
  target: Transfer,
  noun: CopyNoun,
  progress: CopyProgress,
): Promise<void> {
  let from = await target.place(noun);
  while (!from.done) {
    const { rows, next } = await source.page(noun, from.after);
    const to: CopyPlace = {
      ...(next === undefined ? {} : { after: next }),
      done: next === undefined,
      rows: from.rows + rows.length,
    };
    await target.write({ noun, rows, from, to });
    progress({ doing: 'copying', noun, rows: to.rows });
    from = to;
  }
}

const SUM_BITS = 128;

async function checkOf(transfer: Transfer, noun: CopyNoun): Promise<CopyCheck> {
  let [sum, count] = [0n, 0];
  let after: string | undefined;
  do {
    const { rows, next } = await transfer.page(noun, after);
    for (const row of rows) sum += BigInt(`0x${hash('sha256', textOf(row), 'hex').slice(0, 32)}`);
    count += rows.length;
    after = next;
  } while (after !== undefined);
  return { rows: count, checksum: BigInt.asUintN(SUM_BITS, sum).toString(16).padStart(32, '0') };
}

function textOf(row: CopyRow): string {
  return JSON.stringify(
    row.map((value) => (value instanceof Uint8Array ? [Buffer.from(value).toString('base64')] : value)),
  );
}
