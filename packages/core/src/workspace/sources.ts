import { findBySlug } from '../define/definition.ts';
import { type Source, TRACKING } from '../define/source.ts';
import type { Issue } from '../result/issue.ts';
import { suggest } from '../text/suggest.ts';
import { duplicates, problem, type ResolveContext, resolveSettings, reveal } from './settings.ts';
import type { SourceConfig } from './workspace.ts';

/** A source, checked, with its secrets filled in. */
export interface ResolvedSource {
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
  /** The key that its clients send; only those of the tracking API have one. */
  readonly writeKey?: string;
  /** How it gets its events; absent for the tracking API. */
  readonly source?: Source;
  /** Validated settings, secrets included. Never log or return them. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** Checks the sources of a workspace; what is wrong is added to `issues`. */
export function resolveSources(
  configs: readonly SourceConfig[],
  context: ResolveContext,
  issues: Issue[],
): readonly ResolvedSource[] {
  issues.push(...duplicates(configs, 'sources'));
  const keys = new Map<string, number>();
  return configs.map((config, index) => {
    const path = `sources[${index}]`;
    const { id, name = id, enabled = true, type = TRACKING } = config;
    if (type !== TRACKING) return { id, name, enabled, ...ofType(config, type, context, path, issues) };
    const writeKey = reveal(config.writeKey ?? '', `${path}.writeKey`, context, issues);
    const other = keys.get(writeKey);
    if (other !== undefined) {
      const message = `The write key is that of sources[${other}] too.`;
      issues.push(problem('workspace_duplicate_id', `${path}.writeKey`, message));
    }
    if (config.settings !== undefined) {
      const message = 'A source of the tracking API has no settings.';
      issues.push(problem('workspace_invalid_settings', `${path}.settings`, message));
    }
    keys.set(writeKey, index);
    return { id, name, enabled, writeKey, settings: {} };
  });
}

function ofType(
  config: SourceConfig,
  type: string,
  context: ResolveContext,
  path: string,
  issues: Issue[],
): Pick<ResolvedSource, 'source' | 'settings'> {
  if (config.writeKey !== undefined) {
    const message = `Only sources of the type "${TRACKING}" have a write key.`;
    issues.push(problem('workspace_invalid', `${path}.writeKey`, message));
  }
  const found = findBySlug(context.sources ?? [], type, 'source');
  if (!found.ok) {
    issues.push(...found.issues.map((issue) => ({ ...issue, path: `${path}.type` })));
    return { settings: {} };
  }
  const at = (member: string): string => `${path}.${member}`;
  const resolved = resolveSettings(config.settings ?? {}, found.value.settings, context, at);
  issues.push(...resolved.issues);
  return { source: found.value, settings: resolved.settings ?? {} };
}

/** Sources that a destination or a processor names and that do not exist. */
export function unknownSources(
  named: readonly string[] | undefined,
  known: ReadonlySet<string>,
  path: string,
): readonly Issue[] {
  return (named ?? []).flatMap((source, at) =>
    known.has(source)
      ? []
      : [
          problem(
            'workspace_unknown_source',
            `${path}.sources[${at}]`,
            `There is no source "${source}"${suggest(source, [...known])}`,
          ),
        ],
  );
}
