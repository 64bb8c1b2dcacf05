import type { Calls } from './calls.ts';
import { formatDate } from './dates.ts';
import type { Reply } from './errors.ts';
import { readableEvent } from './event-reads.ts';
import type { Profile } from './profile.ts';
import type { Project } from './project.ts';

/** The most rows of a table; the page is for looking, `/_sandbox/state` has everything. */
const ROWS = 100;

const style = `
  body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; color: #1c2330; }
  h1 { font-size: 1.5rem; margin-bottom: 0; } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
  p { margin: .3rem 0; color: #5a6474; } .empty { font-style: italic; }
  table { border-collapse: collapse; width: 100%; } th { text-align: left; font-weight: 600; color: #5a6474; }
  th, td { padding: .3rem .8rem .3rem 0; border-bottom: 1px solid #e3e7ee; vertical-align: top; }
  code { font: 12px/1.4 ui-monospace, monospace; overflow-wrap: anywhere; }
`;

function escape(value: unknown): string {
  return String(value).replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

function code(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return `<code>${escape(text.length > 400 ? `${text.slice(0, 400)}…` : text)}</code>`;
}

function table(title: string, columns: string[], rows: string[][], total: number): string {
  const note = total > rows.length ? `<p>${rows.length} of ${total} shown.</p>` : '';
  if (rows.length === 0) return `<h2>${title}</h2><p class="empty">None yet.</p>`;
  const head = columns.map((column) => `<th>${column}</th>`).join('');
  const body = rows.map((row) => `<tr>${row.map((cell) => `<td>${cell}</td>`).join('')}</tr>`).join('\n');
  return `<h2>${title} (${total})</h2>${note}<table><tr>${head}</tr>\n${body}</table>`;
}

function user({ email, userId }: Profile): string {
  return escape([email, userId].filter((part) => part !== undefined).join(' · '));
}

/** Some values of an iterator, without keeping the rest. */
function some<T>(values: Iterable<T>, from: number): T[] {
  const taken: T[] = [];
  let at = 0;
  for (const value of values) {
    if (at >= from) taken.push(value);
    if (taken.length === ROWS) break;
    at += 1;
  }
  return taken;
}

function first<T>(values: Iterable<T>): T[] {
  return some(values, 0);
}

function latest<T>(values: Iterable<T>, size: number): T[] {
  return some(values, Math.max(0, size - ROWS)).reverse();
}

/** The page at `/`: what the project holds and what arrived. */
export function page(project: Project, calls: Calls): Reply {
  const profiles = first(project.profiles).map((p) => [user(p), code(p.fields), formatDate(p.updatedAt)]);
  const withCart = [...project.profiles].filter(({ cart }) => cart !== undefined);
  const carts = withCart.slice(0, ROWS).map((p) => [user(p), code(p.cart)]);
  const events = latest(project.events.values(), project.events.size).map((event) => [
    escape(event.name),
    user(event.owner),
    formatDate(event.createdAt),
    code(event.id),
    code(readableEvent(project, event).dataFields),
  ]);
  const purchases = latest(project.purchases.values(), project.purchases.size).map((purchase) => [
    code(purchase.id),
    user(purchase.owner),
    escape(purchase.total),
    formatDate(purchase.createdAt),
    code(purchase.items),
  ]);
  const received = calls
    .last(ROWS)
    .map((call) => [
      formatDate(call.at),
      `${escape(call.method)} ${escape(call.path)}`,
      call.status === 0 ? 'no answer' : escape(call.status),
      escape(call.fault ?? ''),
      code(call.request),
      code(call.response),
    ]);
  const body = `<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Iterable sandbox</title><style>${style}</style></head>
<body>
<h1>Iterable sandbox</h1>
<p>${escape(project.type)} project · ${project.stats.requests} requests · ${project.eventCount} events</p>
${table('Profiles', ['User', 'Fields', 'Updated'], profiles, project.profiles.size)}
${table('Events', ['Name', 'User', 'At', 'Id', 'Fields'], events, project.eventCount)}
${table('Carts', ['User', 'Items'], carts, withCart.length)}
${table('Purchases', ['Id', 'User', 'Total', 'At', 'Items'], purchases, project.purchases.size)}
${table('Calls received', ['At', 'Call', 'Status', 'Fault', 'Request', 'Response'], received, received.length)}
</body>
</html>
`;
  return { status: 200, body, type: 'text/html; charset=utf-8' };
}
