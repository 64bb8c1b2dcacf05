/* Reads the orders of a shop page by page, as a back-fill does and with the same client, and keeps nothing: `discard.ts <settings>`. */
import { createRequest, createTransport } from '@waybill/delivery';
import { sources } from '@waybill/ingest';
import type { RowKey, SourceContext } from '@waybill/core';

const settings = JSON.parse(process.argv[2]!) as { readonly apiUrl: string };
const { page, keyOf, pageSize } = sources.find(({ slug }) => slug === 'bigcommerce')!.shop!.streams[
  'orders'
]!;
const transport = createTransport({ allowedHosts: [new URL(settings.apiUrl).host] });
const { request } = createRequest({ transport, secrets: [] });
const context: SourceContext = { settings, now: Date.now, request, memory: new Map() };
const until = new Date().toISOString();
const began = performance.now();
const before = process.cpuUsage();
let [rows, total] = [0, 0];
let after: RowKey | undefined;
for (;;) {
  const from = after === undefined ? {} : { since: after.at, after };
  const read = await page!({ by: 'created', until, skip: 0, limit: pageSize, ...from }, context);
  if ('failure' in read) throw new Error(read.failure.message);
  const keys = read.rows.map((row) => keyOf(row, 'created'));
  const fresh = read.rows.filter((_row, at) => keys[at]!.id !== after?.id);
  for (const row of fresh) {
    const { order } = row as { readonly order: { readonly total_inc_tax: string } };
    total += Math.round(Number(order.total_inc_tax) * 100);
  }
  rows += fresh.length;
  after = keys.at(-1) ?? after;
  if (read.more === false) break;
}
const seconds = (performance.now() - began) / 1_000;
const { user, system } = process.cpuUsage(before);
const megabytes = process.resourceUsage().maxRSS / 1024;
process.send!({ rows, total, seconds, megabytes, cpu: (user + system) / 1e6 });
transport.close();
process.disconnect();
