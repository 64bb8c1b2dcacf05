import { ERRORS, type ErrorCode } from '@waybill/core';
import examples from './examples.json' with { type: 'json' };
import { FAILURE } from './issues.ts';
import { EVERYWHERE, type Route } from './route.ts';
import { roleOf, ROUTES } from './routes.ts';
import { NAME, type Schema } from './schema.ts';

/** Answers of a real server, by the name of the route. */
const EXAMPLES: Readonly<Record<string, unknown>> = examples;

interface Json {
  readonly [member: string]: unknown;
}

/** Returns the admin API as an OpenAPI 3.1 document. */
export function openApi(): Json {
  const components = new Map<string, unknown>();
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [name, route] of Object.entries<Route>(ROUTES)) {
    const [method = '', path = ''] = name.split(' ');
    const at = path.replace(/:(\w+)/g, '{$1}');
    paths[at] = { ...paths[at], [method.toLowerCase()]: operation(name, route, components, EXAMPLES[name]) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Waybill admin API',
      version: '1',
      description: 'Status and configuration of the server, and the outcome of every event.',
    },
    servers: [{ url: 'http://127.0.0.1:4400' }],
    security: [{ token: [] }],
    paths,
    components: {
      schemas: Object.fromEntries([...components].sort(([a], [b]) => a.localeCompare(b))),
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
    },
  };
}

type Components = Map<string, unknown>;

function operation(name: string, route: Route, components: Components, example: unknown): Json {
  const parameters = [...pathParameters(name, route), ...queryParameters(route), ...headerParameters(route)];
  const body = bodyOf(route);
  return {
    operationId: operationId(name),
    summary: route.does,
    ...(roleOf(name) === 'anyone'
      ? { security: [] }
      : { description: `Requires the role \`${roleOf(name)}\`.` }),
    ...(parameters.length === 0 ? {} : { parameters: parameters.map((one) => hoist(one, components)) }),
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: json(hoist(body, components)) } }),
    responses: {
      [route.status]: success(route, components, example),
      ...failures(route, components),
    },
  };
}

/** `GET /api/dead-letters/:id` becomes `getDeadLettersById`. */
function operationId(name: string): string {
  const [method = '', path = ''] = name.split(' ');
  const words = path.slice('/api/'.length).split(/[/.-]/);
  const pascal = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
  const told = words.map((word) => (word.startsWith(':') ? `By${pascal(word.slice(1))}` : pascal(word)));
  return `${method.toLowerCase()}${told.join('')}`;
}

function pathParameters(name: string, { params }: Route): readonly Json[] {
  return [...name.matchAll(/:(\w+)/g)].map(([, parameter = '']) => ({
    name: parameter,
    in: 'path',
    required: true,
    schema: params[parameter] ?? NAME,
  }));
}

function queryParameters({ query }: Route): readonly Json[] {
  const { properties = {}, required = [] } = query as {
    readonly properties?: Readonly<Record<string, Schema>>;
    readonly required?: readonly string[];
  };
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }));
}

function headerParameters({ edits }: Route): readonly Json[] {
  const description =
    'The ETag of the version that the change is based on; `*` overwrites the current version.';
  return edits ? [{ name: 'if-match', in: 'header', required: true, description, schema: NAME }] : [];
}

function bodyOf({ body }: Route): Schema | undefined {
  const { properties } = body as { readonly properties?: object };
  return properties !== undefined && Object.keys(properties).length === 0 ? undefined : body;
}

function success({ status, answer, media }: Route, components: Components, example: unknown): Json {
  if (status === 204) return { description: 'Done.' };
  const schema = hoist(answer, components);
  const shown = { [media]: { schema, ...(example === undefined ? {} : { example }) } };
  return { description: status === 201 ? 'Made.' : 'Done.', content: shown };
}

/** The errors of a route, by status. */
function failures({ errors }: Route, components: Components): Json {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of [...EVERYWHERE, ...errors]) {
    const { status } = ERRORS[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      status,
      {
        description: codes.map((code) => `\`${code}\``).join(', '),
        content: json(hoist(FAILURE, components)),
      },
    ]),
  );
}

function json(schema: unknown): { readonly 'application/json': Json } {
  return { 'application/json': { schema } };
}

/** Moves the named parts of a schema to the components, once. */
function hoist(value: unknown, components: Components): unknown {
  if (Array.isArray(value)) return value.map((one) => hoist(one, components));
  if (typeof value !== 'object' || value === null) return value;
  const { title, moment, ...rest } = value as Json;
  if (moment === true) return TIME;
  const inner = (): Json =>
    Object.fromEntries(Object.entries(rest).map(([key, member]) => [key, hoist(member, components)]));
  if (typeof title !== 'string')
    return title === undefined ? inner() : { ...inner(), title: hoist(title, components) };
  if (!components.has(title)) {
    // Added before its members: it may contain itself.
    components.set(title, undefined);
    components.set(title, inner());
  }
  return { $ref: `#/components/schemas/${title}` };
}

const TIME = {
  type: ['string', 'integer'],
  description: 'ISO 8601 with an offset, or epoch milliseconds.',
};
