import type { ErrorCode } from '@waybill/core';
import { EVERYWHERE, type Route } from './route.ts';
import { roleOf, ROUTES } from './routes.ts';
import type { Schema } from './schema.ts';

const HEAD = `# Routes of the admin API

Generated from the table of \`@waybill/api\` by \`npm run generate\`; [Admin API](admin-api.md) describes how to use them. A running server returns
\`GET /api/openapi.json\` with the same as an OpenAPI 3.1 document, with the schema of every answer. Members in italics may be left out.
`;

/** Renders the page of the routes, in Markdown. */
export function routesPage(): string {
  const entries = Object.entries<Route>(ROUTES).map(([name, route]) => entry(name, route));
  const everywhere = `Every route can fail with ${codes(EVERYWHERE)}.\n`;
  return [HEAD, everywhere, ...entries].join('\n');
}

function entry(name: string, route: Route): string {
  const version = route.edits ? 'Requires `If-Match`: the version that the change is based on.' : '';
  const body = route.isConfig
    ? `Accepts a ${String(route.body['title'])}, a part of the workspace.`
    : taken('Takes', route.body);
  const fails = isChange(route.errors)
    ? 'Fails with `request_not_found`, or with any code that begins with `workspace_`, `mapping_` or `trigger_`.'
    : route.errors.length === 0
      ? ''
      : `Fails with ${codes(route.errors)}.`;
  const role = roleOf(name);
  const needs = role === 'anyone' ? 'Requires no token.' : `Requires the role ${role}.`;
  const told = [needs, taken('Query:', route.query), body, version, fails].filter((one) => one !== '');
  return [`## ${name}`, '', route.does, '', told.join(' '), ''].join('\n');
}

/** Whether it can fail with every workspace error: too many codes to list. */
function isChange(errors: readonly ErrorCode[]): boolean {
  return errors.includes('workspace_invalid');
}

function taken(word: string, { type, properties = {}, required = [] }: Members & Schema): string {
  if (type === 'array') return `${word} a list.`;
  const names = Object.keys(properties).map((name) => (required.includes(name) ? name : `_${name}_`));
  return names.length === 0 ? '' : `${word} ${names.join(', ')}.`;
}

interface Members {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

function codes(list: readonly ErrorCode[]): string {
  return list.map((code) => `\`${code}\``).join(', ');
}
