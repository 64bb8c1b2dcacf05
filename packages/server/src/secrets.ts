import {
  type DestinationConfig,
  type Destination,
  type Field,
  type Fields,
  findDestination,
  type Issue,
  type SourceConfig,
  type Workspace,
} from '@waybill/core';
import { Failure } from './failure.ts';

/** What stands for a secret in answers; given back in a request, it means "as it was". */
export const KEPT_SECRET = { $secret: true } as const;

/** Variables that no workspace may name: they would hand over the server itself. */
const OWN_VARIABLES: ReadonlySet<string> = new Set(['WAYBILL_ADMIN_TOKEN', 'WAYBILL_SECRET_KEY']);

/** A workspace without its secrets, for answers. */
export function hideSecrets(input: {
  readonly workspace: Workspace;
  readonly destinations: readonly Destination[];
}): unknown {
  const { workspace, destinations } = input;
  return {
    ...workspace,
    sources: workspace.sources.map(hideSource),
    destinations: workspace.destinations.map((config) => hideSettings(config, destinations)),
  };
}

/** One source without its secrets, for answers. */
export function hideSource(source: SourceConfig): unknown {
  return { ...source, writeKey: KEPT_SECRET };
}

/** One destination without its secrets, for answers. Of a destination that is unknown every setting may be one. */
export function hideSettings(config: DestinationConfig, destinations: readonly Destination[]): unknown {
  const fields = fieldsOf(config.type, destinations);
  const settings =
    fields === undefined
      ? Object.fromEntries(Object.keys(config.settings).map((name) => [name, KEPT_SECRET]))
      : mapSecrets(fields, config.settings, () => KEPT_SECRET);
  return { ...config, settings };
}

/**
 * Puts the secrets of the workspace before where the next one says `{ "$secret": true }`. A kept secret goes where it went
 * before and nowhere else: when a setting that can hold an address has changed, it must be given anew. The same holds for a
 * variable of the environment that `mayName` does not allow. Throws a Failure.
 */
export function restoreSecrets(
  next: Workspace,
  before: Workspace,
  rules: {
    readonly destinations: readonly Destination[];
    readonly mayName: (variable: string) => boolean;
  },
): Workspace {
  if (!Array.isArray(next.sources) || !Array.isArray(next.destinations)) return next;
  const issues: Issue[] = [];
  const forbid = (value: unknown, known: unknown, path: string): void => {
    for (const name of variablesIn(value)) {
      if (!variablesIn(known).includes(name) && (OWN_VARIABLES.has(name) || !rules.mayName(name)))
        issues.push(forbidden(name, path));
    }
  };
  const sources = next.sources.map((source, index) => {
    const known = before.sources.find((one) => one.id === source?.id);
    forbid(source?.writeKey, known?.writeKey, `sources[${index}].writeKey`);
    return isKept(source?.writeKey) && known !== undefined ? { ...source, writeKey: known.writeKey } : source;
  });
  const destinations = next.destinations.map((config, index) => {
    if (typeof config?.settings !== 'object' || config.settings === null) return config;
    const path = `destinations[${index}].settings`;
    const found = before.destinations.find((one) => one.id === config.id);
    const fields = fieldsOf(config.type, rules.destinations) ?? {};
    const moved = found === undefined || addressOf(found, fields) !== addressOf(config, fields);
    const known = moved ? undefined : found?.settings;
    for (const [name, value] of Object.entries(config.settings))
      forbid(value, known?.[name], `${path}.${name}`);
    if (!holdsKept(config.settings)) return config;
    if (moved) {
      issues.push({
        code: 'workspace_secret_needed',
        path,
        message:
          found === undefined
            ? `There is no secret of "${config.id}" that could be kept.`
            : `The secrets of "${config.id}" were given for another address.`,
      });
      return config;
    }
    return { ...config, settings: restored(config.settings, known) as DestinationConfig['settings'] };
  });
  if (issues.length > 0) throw failureOf(issues);
  return { ...next, sources, destinations };
}

/** Throws a Failure when a workspace names a variable that none may. */
export function checkVariables(workspace: Workspace): void {
  const names = variablesIn(workspace).filter((name) => OWN_VARIABLES.has(name));
  if (names.length > 0) throw failureOf(names.map((name) => forbidden(name, '')));
}

/** Reads `WAYBILL_ENV_ALLOW`: names, or beginnings of names with `*`, with commas. */
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

function fieldsOf(type: string, destinations: readonly Destination[]): Fields | undefined {
  const found = findDestination(destinations, type);
  return found.ok ? found.value.settings : undefined;
}

function isSecret(field: Field | undefined): boolean {
  return field?.type === 'password' || field?.format === 'password';
}

/** The same settings with something else in place of each secret, also within objects and lists. */
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
 * What may decide where secrets are sent: the type, and every setting that is free text or holds some. A setting with
 * choices sends them only where its author meant.
 */
function addressOf({ type, settings }: DestinationConfig, fields: Fields): string {
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

/** The names of all variables that a value refers to. */
function variablesIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('$env' in value) return [String(value.$env)];
  return Object.values(value).flatMap(variablesIn);
}
