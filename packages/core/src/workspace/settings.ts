import type { Destination } from '../define/destination.ts';
import type { Fields } from '../define/fields.ts';
import type { Processor } from '../define/processor.ts';
import type { Source } from '../define/source.ts';
import type { Issue } from '../result/issue.ts';
import { suggest } from '../text/suggest.ts';
import { compileValidator } from '../validation/index.ts';
import type { Secret } from './workspace.ts';

/** What resolving needs besides the workspace. */
export interface ResolveContext {
  readonly destinations: readonly Destination[];
  /** The types of sources besides the tracking API. */
  readonly sources?: readonly Source[];
  readonly processors?: readonly Processor[];
  /** Reads an environment variable, for `{ "$env": "NAME" }`. */
  readonly env: (name: string) => string | undefined;
}

/** The path of a member of the resolved part in the workspace. */
export type At = (member: string) => string;

/** Validated settings, secrets included, or their problems. Never log or return them. */
export interface ResolvedSettings {
  readonly issues: readonly Issue[];
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** Checks the settings of an instance by the fields of its definition, defaults and secrets filled in. */
export function resolveSettings(
  given: Readonly<Record<string, unknown>>,
  fields: Fields,
  context: ResolveContext,
  at: At,
): ResolvedSettings {
  const issues: Issue[] = [];
  const raw: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(fields)) {
    const value = given[name] ?? field.default;
    if (value !== undefined) raw[name] = reveal(value, at(`settings.${name}`), context, issues);
  }
  for (const name of Object.keys(given)) {
    if (fields[name] !== undefined) continue;
    const message = `There is no setting "${name}"${suggest(name, Object.keys(fields))}`;
    issues.push(problem('workspace_invalid_settings', at(`settings.${name}`), message));
  }
  const checked = compileValidator(fields)(raw);
  if (checked.ok) return { issues, settings: checked.payload as Readonly<Record<string, unknown>> };
  const refused = checked.issues.map((issue) =>
    problem('workspace_invalid_settings', at(`settings.${issue.path}`), issue.message),
  );
  return { issues: [...issues, ...refused] };
}

/** Replaces a reference to an environment variable with its value. */
export function reveal<T>(value: T | Secret, path: string, context: ResolveContext, issues: Issue[]): string;
export function reveal(value: unknown, path: string, context: ResolveContext, issues: Issue[]): unknown;
export function reveal(value: unknown, path: string, context: ResolveContext, issues: Issue[]): unknown {
  if (typeof value !== 'object' || value === null || !('$env' in value)) return value;
  const name = String(value.$env);
  const found = context.env(name);
  if (found === undefined || found === '') {
    issues.push(problem('workspace_missing_secret', path, `The environment variable ${name} is not set.`));
    return '';
  }
  return found;
}

/** IDs that are used twice. */
export function duplicates(entries: readonly { readonly id: string }[], path: string): Issue[] {
  const seen = new Set<string>();
  const issues: Issue[] = [];
  for (const [index, { id }] of entries.entries()) {
    if (seen.has(id))
      issues.push(problem('workspace_duplicate_id', `${path}[${index}].id`, `The ID "${id}" is used twice.`));
    seen.add(id);
  }
  return issues;
}

/** One problem of a workspace. */
export function problem(code: Issue['code'], path: string, message: string): Issue {
  return { code, path, message };
}
