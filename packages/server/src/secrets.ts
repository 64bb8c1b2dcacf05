import type {
  DestinationConfig,
  EarlierKey,
  Field,
  Fields,
  Issue,
  ResolveContext,
  SourceConfig,
  Workspace,
} from '@waybill/core';
import { Failure } from './failure.ts';

/** The placeholder of a secret in answers; in a request it means "unchanged". */
const KEPT_SECRET = { $secret: true } as const;

/** Variables that no workspace may name: they give access to the server itself. */
const OWN_VARIABLES: ReadonlySet<string> = new Set(['WAYBILL_ADMIN_TOKEN', 'WAYBILL_SECRET_KEY']);

/** The definitions, which declare which settings are secrets. */
export type Definitions = Pick<ResolveContext, 'destinations' | 'sources'>;

/** Returns a workspace without its secrets, for answers. */
export function hideSecrets(input: Definitions & { readonly workspace: Workspace }): unknown {
  const { workspace } = input;
  return {
    ...workspace,
    sources: workspace.sources.map((config) => hideSource(config, input)),
    destinations: workspace.destinations.map((config) => hideSettings(config, input)),
  };
}

/** Returns a source without its secrets, for answers. */
export function hideSource(config: SourceConfig, definitions: Definitions): unknown {
  const { writeKey, earlierKeys, settings } = config;
  return {
    ...config,
    ...(writeKey === undefined ? {} : { writeKey: KEPT_SECRET }),
    ...(earlierKeys === undefined
      ? {}
      : { earlierKeys: earlierKeys.map((one) => ({ ...one, key: KEPT_SECRET })) }),
    ...(settings === undefined ? {} : { settings: hidden(settings, fieldsOfSource(config, definitions)) }),
  };
}

/** Returns a destination without its secrets, for answers. */
export function hideSettings(config: DestinationConfig, definitions: Definitions): unknown {
  return { ...config, settings: hidden(config.settings, fieldsOf(config, definitions)) };
}

/** For an unknown type every setting may be a secret. */
function hidden(settings: object, fields: Fields | undefined): unknown {
  return fields === undefined
    ? Object.fromEntries(Object.keys(settings).map((name) => [name, KEPT_SECRET]))
    : mapSecrets(fields, settings, () => KEPT_SECRET);
}

/**
 * Replaces `{ "$secret": true }` in the next workspace by the secrets of the previous one. A kept secret is only sent where it
 * was sent before: when a setting that can contain an address has changed, it must be entered again. The same applies to an
 * environment variable that `mayName` does not allow. Throws a Failure.
 */
export function restoreSecrets(
  next: Workspace,
  before: Workspace,
  rules: Definitions & { readonly mayName: (variable: string) => boolean },
): Workspace {
  if (!Array.isArray(next.sources) || !Array.isArray(next.destinations)) return next;
  const issues: Issue[] = [];
  const forbid = (value: unknown, known: unknown, path: string): void => {
    for (const name of variablesIn(value)) {
      if (!variablesIn(known).includes(name) && (OWN_VARIABLES.has(name) || !rules.mayName(name)))
        issues.push(forbidden(name, path));
    }
  };
  const restore = <C extends Configured>(
    config: C,
    found: C | undefined,
    fields: Fields,
    path: string,
  ): C => {
    if (typeof config?.settings !== 'object' || config.settings === null) return config;
    const moved = found === undefined || addressOf(found, fields) !== addressOf(config, fields);
    const known = moved ? undefined : found?.settings;
    for (const [name, value] of Object.entries(config.settings))
      forbid(value, known?.[name], `${path}.settings.${name}`);
    if (!holdsKept(config.settings)) return config;
    if (!moved) return { ...config, settings: restored(config.settings, known) };
    const message =
      found === undefined
        ? `"${config.id}" has no stored secret to keep.`
        : `The secrets of "${config.id}" were given for another address.`;
    issues.push({ code: 'workspace_secret_needed', path: `${path}.settings`, message });
    return config;
  };
  const sources = next.sources.map((config, index) => {
    const found = before.sources.find((one) => one.id === config?.id);
    const path = `sources[${index}]`;
    forbid(config?.writeKey, found?.writeKey, `${path}.writeKey`);
    forbid(config?.earlierKeys, found?.earlierKeys, `${path}.earlierKeys`);
    return withKeys(restore(config, found, fieldsOfSource(config, rules) ?? {}, path), found);
  });
  const destinations = next.destinations.map((config, index) => {
    const found = before.destinations.find((one) => one.id === config?.id);
    return restore(config, found, fieldsOf(config, rules) ?? {}, `destinations[${index}]`);
  });
  // Settings of processors have no secrets, but may name variables.
  for (const [index, config] of [next.processors ?? []].flat().entries()) {
    const found = before.processors?.find((one) => one.id === config?.id);
    forbid(config?.settings, found?.settings, `processors[${index}].settings`);
  }
  if (issues.length > 0) throw failureOf(issues);
  return { ...next, sources, destinations };
}

/** Restores the kept keys of a source; an earlier one is identified by its end, so that it cannot be extended. */
function withKeys(source: SourceConfig, found: SourceConfig | undefined): SourceConfig {
  if (found === undefined || !holdsKept([source?.writeKey, source?.earlierKeys])) return source;
  const { writeKey = source.writeKey, earlierKeys: known = [] } = found;
  // The shape is validated later.
  const given: unknown = source.earlierKeys;
  const earlierKeys = !Array.isArray(given)
    ? source.earlierKeys
    : (given as EarlierKey[]).map((one, at) => {
        if (!isKept(one?.key)) return one;
        return [known[at], ...known].find((other) => other?.until === one.until) ?? one;
      });
  return {
    ...source,
    ...(isKept(source.writeKey) && writeKey !== undefined ? { writeKey } : {}),
    ...(earlierKeys === undefined ? {} : { earlierKeys }),
  };
}

/** An item with settings. */
interface Configured {
  readonly id: string;
  readonly type?: string;
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** Throws a Failure when a workspace names a forbidden variable. */
export function checkVariables(workspace: Workspace): void {
  const names = variablesIn(workspace).filter((name) => OWN_VARIABLES.has(name));
  if (names.length > 0) throw failureOf(names.map((name) => forbidden(name, '')));
}

/** Parses `WAYBILL_ENV_ALLOW`: comma-separated names, or prefixes with `*`. */
export function allowedVariables(text = ''): (name: string) => boolean {
  const rules = text.split(',').map((one) => one.trim());
  return (name) =>
    rules.some((rule) =>
      rule.endsWith('*') && rule.length > 1 ? name.startsWith(rule.slice(0, -1)) : rule === name,
    );
}

function forbidden(name: string, path: string): Issue {
  return {
    code: 'workspace_variable_forbidden',
    path,
    message: `The environment variable ${name} may not be named here.`,
  };
}

function failureOf(issues: readonly Issue[]): Failure {
  const text = issues.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('\n');
  return new Failure(issues[0]!.code, text, issues);
}

function fieldsOf(config: Configured | undefined, { destinations }: Definitions): Fields | undefined {
  return destinations.find(({ slug }) => slug === config?.type)?.settings;
}

function fieldsOfSource(config: Configured | undefined, { sources = [] }: Definitions): Fields | undefined {
  return sources.find(({ slug }) => slug === config?.type)?.settings;
}

function isSecret(field: Field | undefined): boolean {
  return field?.type === 'password' || field?.format === 'password';
}

/** Maps each secret in settings, also within objects and lists. */
function mapSecrets(fields: Fields, values: object, change: () => unknown): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]: [string, unknown]) => {
      const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
      if (isSecret(field)) return [name, change()];
      const within = field?.properties;
      if (within === undefined || typeof value !== 'object' || value === null) return [name, value];
      const each = (one: unknown): unknown =>
        typeof one === 'object' && one !== null ? mapSecrets(within, one, change) : one;
      return [name, Array.isArray(value) ? value.map(each) : each(value)];
    }),
  );
}

/**
 * Returns what can decide where secrets are sent: the type, and every setting with free text. A setting with choices only sends
 * them where its author intended.
 */
function addressOf({ type, settings = {} }: Configured, fields: Fields): string {
  const free = Object.entries(mapSecrets(fields, settings, () => undefined)).filter(([name, value]) => {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    const fixed =
      field?.choices !== undefined || ['boolean', 'number', 'integer'].includes(field?.type ?? '');
    return !fixed && value !== undefined && value !== '' && value !== null;
  });
  free.sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([type, free]);
}

function isKept(value: unknown): boolean {
  return typeof value === 'object' && value !== null && (value as { $secret?: unknown }).$secret === true;
}

function holdsKept(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return isKept(value) || Object.values(value).some(holdsKept);
}

function restored<T>(value: T, known: unknown): T;
function restored(value: unknown, known: unknown): unknown {
  if (isKept(value)) return known;
  if (typeof value !== 'object' || value === null) return value;
  const before = (known ?? {}) as Readonly<Record<string, unknown>>;
  if (Array.isArray(value)) return value.map((one, at) => restored(one, before[at]));
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [
      name,
      restored(one, Object.hasOwn(before, name) ? before[name] : undefined),
    ]),
  );
}

/** Returns the names of all variables in a value. */
function variablesIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('$env' in value) return [String(value.$env)];
  return Object.values(value).flatMap(variablesIn);
}
