import type { AnalyticsRow } from './facts.ts';

/** The rows of an export of Google Analytics, or why it cannot be read. */
export type AnalyticsRead = { readonly rows: readonly AnalyticsRow[] } | { readonly problem: string };

/** The maximum number of rows. */
const MOST_ROWS = 200_000;

/** The names of columns: in exports of the console, the API and BigQuery. */
const COLUMNS = {
  order: /^(ecommerce\.)?transaction.?id$/i,
  revenue: /revenue|^(event )?value( in usd)?$|^total$/i,
  currency: /currency/i,
  day: /^(event.?)?date$/i,
} as const;

/** Parses a CSV export: comments, a header, a line per order. Lines without an order, such as totals, are skipped. */
export function readAnalytics(text: string): AnalyticsRead {
  const lines = cellsOf(text.replace(/^\uFEFF/, '')).filter(
    (cells) => cells.some((cell) => cell !== '') && !cells[0]!.startsWith('#'),
  );
  const [head = [], ...rest] = lines;
  const places = Object.fromEntries(
    Object.entries(COLUMNS).map(([name, form]) => [name, head.findIndex((cell) => form.test(cell))]),
  ) as Record<keyof typeof COLUMNS, number>;
  if (places.order < 0) return { problem: 'The file has no column with transaction IDs: "Transaction ID".' };
  if (rest.length > MOST_ROWS) return { problem: `The file has more than ${MOST_ROWS} lines.` };
  const rows = rest.flatMap((cells): readonly AnalyticsRow[] => {
    const order = cells[places.order] ?? '';
    if (order === '' || order === '(not set)') return [];
    const at = (name: keyof typeof COLUMNS): string => cells[places[name]] ?? '';
    const [revenue, currency, day] = [at('revenue'), at('currency'), dayOf(at('day'))];
    return [
      {
        order,
        ...(revenue === '' ? {} : { revenue }),
        ...(currency === '' ? {} : { currency: currency.toUpperCase() }),
        ...(day === undefined ? {} : { day }),
      },
    ];
  });
  return { rows };
}

/** Converts 20260115 and 2026-01-15 to YYYY-MM-DD. */
function dayOf(text: string): string | undefined {
  const found = /^(\d{4})-?(\d\d)-?(\d\d)$/.exec(text);
  return found === null ? undefined : `${found[1]}-${found[2]}-${found[3]}`;
}

/** The cells of CSV (RFC 4180), trimmed. */
function cellsOf(text: string): readonly (readonly string[])[] {
  const lines: string[][] = [[]];
  for (const [, quoted, plain = '', end = ''] of text.matchAll(
    /(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r?\n|$)/g,
  )) {
    lines.at(-1)!.push(quoted === undefined ? plain.trim() : quoted.replaceAll('""', '"').trim());
    if (end !== ',' && end !== '') lines.push([]);
    if (end === '') break;
  }
  return lines;
}
