import type { Issue, Result } from '../result/issue.ts';
import { suggest } from '../text/suggest.ts';

/** A definition that cannot be used; lists every problem. */
export class DefinitionError extends Error {
  readonly issues: readonly Issue[];
  constructor(what: string, issues: readonly Issue[]) {
    super(`${what}: ${issues.map((issue) => `${issue.path}: ${issue.message}`).join(' ')}`);
    this.name = 'DefinitionError';
    this.issues = issues;
  }
}

/** Lists what is wrong with the slug of a definition. */
export function slugIssues(slug: string): Issue[] {
  if (/^[a-z][a-z0-9-]*$/.test(slug)) return [];
  const message = 'A slug is lower-case letters, digits and dashes.';
  return [{ code: 'workspace_invalid', path: 'slug', message }];
}

/** Finds a definition by its slug. */
export function findBySlug<D extends { readonly slug: string }>(
  definitions: readonly D[],
  slug: string,
  kind: 'destination' | 'source' | 'processor',
): Result<D> {
  const found = definitions.find((one) => one.slug === slug);
  if (found !== undefined) return { ok: true, value: found };
  const known = definitions.map((one) => one.slug);
  const message = `There is no ${kind} "${slug}"${suggest(slug, known)}`;
  return { ok: false, issues: [{ code: UNKNOWN[kind], path: 'type', message }] };
}

const UNKNOWN = {
  destination: 'workspace_unknown_destination',
  source: 'workspace_unknown_source_type',
  processor: 'workspace_unknown_processor',
} as const;
