/*
 * Reads the orders of a shop page by page with the client of a back-fill, and discards them: `discard.ts <settings> <most>`. Like a
 * back-fill it requests the next page while the rows of the current one are completed.
 */
import { createRequest, createTransport } from '@waybill/delivery';
import { sources } from '@waybill/ingest';
import type { RowKey, RowPage, ShopFailure, SourceContext } from '@waybill/core';

const settings = JSON.parse(process.argv[2]!) as { readonly apiUrl: string };
const most = Number(process.argv[3]);
const { page, complete, keyOf, pageSize } = sources.find(({ slug }) => slug === 'bigcommerce')!.shop!.streams[
  'orders'
]!;
const transport = createTransport({ allowedHosts: [new URL(settings.apiUrl).host] });
const { request } = createRequest({ transport, secrets: [] });
const context: SourceContext = { settings, now: Date.now, request, memory: new Map() };
const until = new Date().toISOString();

function pageAfter(after: RowKey | undefined): Promise<RowPage | ShopFailure> {
  const from = after === undefined ? {} : { since: after.at, after };
  return page!({ by: 'created', until, skip: 0, limit: pageSize, ...from }, context);
}
function must<T extends object>(read: T | ShopFailure): T {
  if ('failure' in read) throw new Error(read.failure.message);
  return read;
}

const began = performance.now();
const before = process.cpuUsage();
let [rows, total] = [0, 0];
let after: RowKey | undefined;
let next: ReturnType<typeof pageAfter> | undefined = pageAfter(after);
while (next !== undefined) {
  const read: RowPage = must(await next);
  const last = after;
  const fresh = read.rows.filter((row) => keyOf(row, 'created').id !== last?.id);
  after = read.rows.length === 0 ? after : keyOf(read.rows.at(-1), 'created');
  next = read.more === false || rows + fresh.length >= most ? undefined : pageAfter(after);
  for (const row of must(await complete!(fresh, context))) {
    const { order } = row as { readonly order: { readonly total_inc_tax: string } };
    total += Math.round(Number(order.total_inc_tax) * 100);
  }
  rows += fresh.length;
}
const seconds = (performance.now() - began) / 1_000;
const { user, system } = process.cpuUsage(before);
const megabytes = process.resourceUsage().maxRSS / 1024;
process.send!({ rows, total, seconds, megabytes, cpu: (user + system) / 1e6 });
transport.close();
process.disconnect();
