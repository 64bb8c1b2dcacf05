import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Payloads } from '../payloads.ts';

type Row = Readonly<Record<string, unknown>>;

/** The payloads of a folder, by the names of their files without the ending. */
async function filesOf(folder: string): Promise<ReadonlyMap<string, unknown>> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json'));
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  return new Map(names.map((name, at) => [name.replace(/\.json$/, ''), JSON.parse(texts[at]!) as unknown]));
}

/** The rows that files have, in a member where they are lists; each once by its id. */
function rowsOf(
  files: ReadonlyMap<string, unknown>,
  pattern: RegExp,
  member: string,
  id: string,
): readonly Row[] {
  const rows = new Map<string, Row>();
  for (const [name, file] of files) {
    if (!pattern.test(name)) continue;
    const list = Array.isArray(file) ? file : (file as Row)[member];
    for (const row of (Array.isArray(list) ? list : [list ?? file]) as readonly Row[])
      if (row[id] !== undefined) rows.set(String(row[id]), row);
  }
  return [...rows.values()];
}

/** What orders are looked for by: those that do not have it are not found. */
const FILTERED: Readonly<Record<string, (order: Row) => unknown>> = {
  payment_date_begin: ({ payment }) => (payment as Row | undefined)?.['payment_dts'],
  shipped_on_date_begin: ({ shipping }) => (shipping as Row | undefined)?.['shipping_date'],
  refund_date_begin: ({ refund_dts }) => refund_dts,
};

/** Answers of UltraCart. */
export async function ultracartPayloads(folder: string): Promise<Payloads> {
  const files = await filesOf(join(folder, 'ultracart'));
  const orders = rowsOf(files, /^rest\.get/, 'orders', 'order_id');
  const lists = ['customer/customers', 'auto_order/auto_orders', 'item/items'].map(
    (path) => [path, []] as const,
  );
  const asked = (json: Row) =>
    orders.filter((order) =>
      Object.keys(json).every((name) => FILTERED[name]?.(order) !== undefined || !(name in FILTERED)),
    );
  return { 'order/orders/query': asked, 'order/orders/batch': orders, ...Object.fromEntries(lists) };
}
