import { findBySlug } from '../define/definition.ts';
import { type Source, TRACKING } from '../define/source.ts';
import type { Issue } from '../result/issue.ts';
import { trackingPlanIssues } from '../tracking-plan/issues.ts';
import type { TrackingPlan } from '../tracking-plan/plan.ts';
import { suggest } from '../text/suggest.ts';
import { duplicates, problem, type ResolveContext, resolveSettings, reveal } from './settings.ts';
import { momentOf } from '../validation/parameters.ts';
import type { Secret, SourceConfig } from './workspace.ts';

/** A source, checked, with its secrets filled in. */
export interface ResolvedSource {
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
  /** The key that its clients send; only those of the tracking API have one. */
  readonly writeKey?: string;
  /** Its earlier keys, and until when they are accepted, in epoch milliseconds. */
  readonly earlierKeys?: readonly { readonly key: string; readonly until: number }[];
  /** The definition that reads its events; absent for the tracking API. */
  readonly source?: Source;
  /** Validated settings, secrets included. Never log or return them. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Its tracking plan, without faults. */
  readonly plan?: TrackingPlan;
}

/** Checks the sources of a workspace; problems are added to `issues`. */
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
    const planned = planOf(config, path, configs, issues);
    if (type !== TRACKING)
      return { id, name, enabled, ...planned, ...ofType(config, type, context, path, issues) };
    const take = (key: Secret, at: string): string => {
      const text = reveal(key, at, context, issues);
      const other = keys.get(text);
      if (other !== undefined) {
        const message = `The write key is also that of sources[${other}].`;
        issues.push(problem('workspace_duplicate_id', at, message));
      }
      keys.set(text, index);
      return text;
    };
    const writeKey = take(config.writeKey ?? '', `${path}.writeKey`);
    const earlierKeys = config.earlierKeys?.map(({ key, until }, at) => ({
      key: take(key, `${path}.earlierKeys[${at}].key`),
      until: read(until, `${path}.earlierKeys[${at}].until`, issues),
    }));
    if (config.settings !== undefined) {
      const message = 'A source of the tracking API has no settings.';
      issues.push(problem('workspace_invalid_settings', `${path}.settings`, message));
    }
    const earlier = earlierKeys === undefined ? {} : { earlierKeys };
    return { id, name, enabled, writeKey, ...earlier, ...planned, settings: {} };
  });
}

/** The plan of a source: its own, or that of the source that it names. */
function planOf(
  { id, plan, planOf: shared }: SourceConfig,
  path: string,
  configs: readonly SourceConfig[],
  issues: Issue[],
): Pick<ResolvedSource, 'plan'> {
  if (plan !== undefined) {
    const wrong = trackingPlanIssues(plan);
    issues.push(...wrong.map((issue) => ({ ...issue, path: `${path}.plan.${issue.path}` })));
  }
  if (shared === undefined) return plan === undefined ? {} : { plan };
  const owner = configs.find((one) => one.id === shared);
  const message =
    plan !== undefined
      ? 'A source has either its own plan or that of another source.'
      : owner === undefined
        ? `There is no source "${shared}"${suggest(
            shared,
            configs.map((one) => one.id),
          )}`
        : owner.plan === undefined || shared === id
          ? `The source "${shared}" has no plan of its own.`
          : undefined;
  if (message !== undefined) issues.push(problem('tracking_plan_invalid', `${path}.planOf`, message));
  return owner?.plan === undefined ? {} : { plan: owner.plan };
}

/** Returns a time as epoch milliseconds; an invalid one counts as long past. */
function read(time: string, path: string, issues: Issue[]): number {
  const moment = momentOf(time);
  if (moment !== undefined) return moment;
  issues.push(problem('workspace_invalid', path, 'This is not a time with an offset.'));
  return 0;
}

function ofType(
  config: SourceConfig,
  type: string,
  context: ResolveContext,
  path: string,
  issues: Issue[],
): Pick<ResolvedSource, 'source' | 'settings'> {
  if (config.writeKey !== undefined || config.earlierKeys !== undefined) {
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

/** Lists unknown sources of destinations and processors. */
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
