import type { Calls } from './http/calls.ts';
import { formatDate } from './model/dates.ts';
import type { Reply } from './model/errors.ts';
import { readableEvent } from './routes/event-reads.ts';
import type { Profile } from './model/profile.ts';
import type { Project } from './model/project.ts';

/** The maximum number of rows of a table; `/_sandbox/state` has everything. */
const ROWS = 100;

const style = `
  body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; color: #1c2330; }
  h1 { font-size: 1.5rem; margin-bottom: 0; } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
  p { margin: .3rem 0; color: #5a6474; } .empty { font-style: italic; }
  nav { position: sticky; top: 0; padding: .6rem 0; background: #fff; border-bottom: 1px solid #e3e7ee; }
  nav a { margin-right: 1.2rem; color: #2457a6; text-decoration: none; } nav a:hover { text-decoration: underline; }
  h2 { scroll-margin-top: 3rem; } time { white-space: nowrap; }
  .member { display: inline-block; margin: 0 .9rem .1rem 0; font-size: 13px; } .member i { font-style: normal; color: #7a8494; }
  table { border-collapse: collapse; width: 100%; } th { text-align: left; font-weight: 600; color: #5a6474; }
  th, td { padding: .3rem .8rem .3rem 0; border-bottom: 1px solid #e3e7ee; vertical-align: top; }
  code { font: 12px/1.4 ui-monospace, monospace; overflow-wrap: anywhere; }
  @media (max-width: 40rem) {
    body { margin: 1rem auto; } nav { display: flex; gap: .2rem 1rem; flex-wrap: wrap; } nav a { margin: 0; padding: .2rem 0; }
    h2 { scroll-margin-top: 5rem; } table, tbody, tr, td { display: block; } tr:first-child { display: none; }
    tr { padding: .5rem 0; border-bottom: 1px solid #e3e7ee; } td { padding: .1rem 0; border: 0; overflow-wrap: anywhere; }
    td:empty { display: none; } td::before { content: attr(data-name) ': '; color: #5a6474; }
    .member { display: block; margin: 0; }
  }
`;

/** The refresh interval of the page, in seconds. */
const REFRESH = 5;

function escape(value: unknown): string {
  return String(value).replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

function code(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return `<code>${escape(text.length > 400 ? `${text.slice(0, 400)}…` : text)}</code>`;
}

/** Formats the members of an object. */
function members(value: unknown): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return code(value);
  return Object.entries(value)
    .map(([name, member]) => `<span class="member"><i>${escape(name)}</i> ${code(member)}</span>`)
    .join('');
}

/** Formats the items of a cart or a purchase, one per line. */
function lines(value: unknown): string {
  const items: unknown = typeof value === 'string' ? JSON.parse(value) : value;
  if (!Array.isArray(items)) return code(value);
  return items.map((item) => `<div>${members(item)}</div>`).join('');
}

function time(at: number): string {
  return `<time>${formatDate(at).replace(' +00:00', '')}</time>`;
}

function anchor(title: string): string {
  return title.toLowerCase().replaceAll(' ', '-');
}

function table(title: string, columns: string[], rows: string[][], total: number): string {
  const note = total > rows.length ? `<p>${rows.length} of ${total} shown.</p>` : '';
  if (rows.length === 0) return `<h2 id="${anchor(title)}">${title}</h2><p class="empty">None yet.</p>`;
  const head = columns.map((column) => `<th>${column}</th>`).join('');
  const cells = (row: string[]): string =>
    row.map((cell, at) => `<td data-name="${columns[at]!}">${cell}</td>`).join('');
  const body = rows.map((row) => `<tr>${cells(row)}</tr>`).join('\n');
  return `<h2 id="${anchor(title)}">${title} (${total})</h2>${note}<table><tr>${head}</tr>\n${body}</table>`;
}

/** A number with its noun: 1 request, 2 requests. */
function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function user({ email, userId }: Profile): string {
  return escape([email, userId].filter((part) => part !== undefined).join(' · '));
}

/** Returns some values of an iterator. */
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

/** Renders the page at `/`: the content of the project and received calls. */
export function page(project: Project, calls: Calls): Reply {
  project.queues.settle();
  const profiles = first(project.profiles).map((p) => [user(p), members(p.fields), time(p.updatedAt)]);
  const withCart = [...project.profiles].filter(({ cart }) => cart !== undefined);
  const carts = withCart.slice(0, ROWS).map((p) => [user(p), lines(p.cart)]);
  const events = latest(project.events.values(), project.events.size).map((event) => [
    escape(event.name),
    user(event.owner),
    time(event.createdAt),
    code(event.id),
    members(readableEvent(project, event).dataFields),
  ]);
  const purchases = latest(project.purchases.values(), project.purchases.size).map((purchase) => [
    code(purchase.id),
    user(purchase.owner),
    escape(purchase.total),
    time(purchase.createdAt),
    lines(purchase.items),
  ]);
  const sends = project.sends
    .slice(-ROWS)
    .reverse()
    .map((send) => [time(send.at), escape(send.endpoint), members(send.request)]);
  const received = calls
    .last(ROWS)
    .map((call) => [
      time(call.at),
      `${escape(call.method)} ${escape(call.path)}`,
      call.status === 0 ? 'no answer' : escape(call.status),
      escape(call.fault ?? ''),
      code(call.request),
      code(call.response),
    ]);
  const body = `<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta http-equiv="refresh" content="${REFRESH}"><title>Iterable sandbox</title><style>${style}</style></head>
<body>
<h1>Iterable sandbox</h1>
<p>${escape(project.type)} project · ${counted(project.stats.requests, 'request')} · ${counted(project.eventCount, 'event')} · times in UTC</p>
<nav>${['Profiles', 'Events', 'Carts', 'Purchases', 'Sends', 'Calls received'].map((title) => `<a href="#${anchor(title)}">${title}</a>`).join('')}</nav>
${table('Profiles', ['User', 'Fields', 'Updated'], profiles, project.profiles.size)}
${table('Events', ['Name', 'User', 'At', 'Id', 'Fields'], events, project.eventCount)}
${table('Carts', ['User', 'Items'], carts, withCart.length)}
${table('Purchases', ['Id', 'User', 'Total', 'At', 'Items'], purchases, project.purchases.size)}
${table('Sends', ['At', 'Call', 'Request'], sends, project.sends.length)}
${table('Calls received', ['At', 'Call', 'Status', 'Fault', 'Request', 'Response'], received, received.length)}
</body>
</html>
`;
  return { status: 200, body, type: 'text/html; charset=utf-8' };
}
