import { compileMapping, MappingError } from '../mapping/index.ts';
import type { Issue, Result } from '../result/issue.ts';
import { suggest } from '../text/suggest.ts';
import { compileTrigger, TriggerError } from '../trigger/index.ts';
import { RESERVED_MAPPING_KEYS } from '../validation/index.ts';
import type { Action } from '../define/action.ts';
import { type Destination, findDestination } from '../define/destination.ts';
import type { Payload } from '../define/fields.ts';
import { hookIssues, mappingIssues, modeIssues } from './mapping-issues.ts';
import { type Ownership, ownershipFor, ownershipIssues } from './ownership.ts';
import { type ResolvedProcessor, resolveProcessors } from './processors.ts';
import { type At, duplicates, problem, type ResolveContext, resolveSettings } from './settings.ts';
import { type ResolvedSource, resolveSources, unknownSources } from './sources.ts';
import type { DeliveryConfig, DestinationConfig, MappingConfig, Workspace } from './workspace.ts';

/** A mapping merged with its preset. */
export interface ResolvedMapping {
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly action: string;
  readonly trigger: string;
  readonly dialect: 'waybill' | 'segment';
  readonly mapping: Readonly<Record<string, unknown>>;
  /** Set where versions are stored; outcomes name it. */
  readonly version?: number;
  readonly delivery?: DeliveryConfig;
  /** Rules for fields of its action, those of the destination included. */
  readonly ownership?: Ownership;
}

/** An instance of a destination, checked, with presets merged and secrets filled in. */
export interface ResolvedDestination {
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly destination: Destination;
  /** IDs of the sources it receives from; undefined means all. */
  readonly sources: readonly string[] | undefined;
  /** Validated settings, secrets included. Never log or return them. */
  readonly settings: Payload<Destination['settings']>;
  readonly mappings: readonly ResolvedMapping[];
}

/** A workspace, checked as a whole. */
export interface ResolvedWorkspace {
  readonly sources: readonly ResolvedSource[];
  readonly processors: readonly ResolvedProcessor[];
  readonly destinations: readonly ResolvedDestination[];
}

/** Checks a whole workspace: every problem is listed with its JSON path, and nothing is accepted in part. */
export function resolveWorkspace(workspace: Workspace, context: ResolveContext): Result<ResolvedWorkspace> {
  const issues: Issue[] = [];
  issues.push(...duplicates(workspace.destinations, 'destinations'));
  const sources = resolveSources(workspace.sources, context, issues);
  const processors = resolveProcessors(workspace, context, issues);
  const known = new Set([...workspace.sources, ...(workspace.processors ?? [])].map(({ id }) => id));
  const destinations: ResolvedDestination[] = [];
  for (const [index, config] of workspace.destinations.entries()) {
    const path = `destinations[${index}]`;
    issues.push(...unknownSources(config.sources, known, path));
    issues.push(...unknownOwners(config, known, path));
    const resolved = resolveDestination(config, context, path);
    if (resolved.ok) destinations.push(resolved.value);
    else issues.push(...resolved.issues);
  }
  return issues.length > 0
    ? { ok: false, issues }
    : { ok: true, value: { sources, processors, destinations } };
}

/** Checks one instance of a destination; `path` is its place in the workspace. */
export function resolveDestination(
  config: DestinationConfig,
  context: ResolveContext,
  path = '',
): Result<ResolvedDestination> {
  const at = (member: string): string => (path === '' ? member : `${path}.${member}`);
  const found = findDestination(context.destinations, config.type);
  if (!found.ok) return { ok: false, issues: found.issues.map((issue) => ({ ...issue, path: at('type') })) };
  const destination = found.value;
  const { settings, issues: refused } = resolveSettings(config.settings, destination.settings, context, at);
  const mappings = resolveMappings(config, destination, at);
  const issues = [...refused, ...mappings.issues];
  if (issues.length > 0 || settings === undefined) return { ok: false, issues };
  return {
    ok: true,
    value: {
      id: config.id,
      name: config.name ?? destination.name,
      enabled: config.enabled ?? true,
      destination,
      sources: config.sources,
      settings: settings as ResolvedDestination['settings'],
      mappings: mappings.resolved,
    },
  };
}

function resolveMappings(
  config: DestinationConfig,
  destination: Destination,
  at: At,
): { readonly issues: readonly Issue[]; readonly resolved: readonly ResolvedMapping[] } {
  const issues: Issue[] = [];
  const configs = config.mappings ?? automatic(destination);
  const limit = config.maxMappings ?? destination.maxMappings;
  if (configs.length > limit) {
    issues.push(
      problem(
        'workspace_mapping_limit',
        at('mappings'),
        `There are ${configs.length} mappings; the maximum is ${limit}.`,
      ),
    );
  }
  issues.push(...duplicates(configs, at('mappings')));
  const all: ResolvedMapping[] = [];
  for (const [index, mapping] of configs.entries()) {
    const resolved = resolveMapping(mapping, destination, at(`mappings[${index}]`), config.ownership);
    if (resolved.ok) all.push(resolved.value);
    else issues.push(...resolved.issues);
  }
  return { issues, resolved: all };
}

/** Merges one mapping with its preset and checks action, trigger and mapping; every problem has its place. */
export function resolveMapping(
  config: MappingConfig,
  destination: Destination,
  path = '',
  ownership?: Ownership,
): Result<ResolvedMapping> {
  const at = (member: string): string => (path === '' ? member : `${path}.${member}`);
  const preset = destination.presets.find((one) => one.slug === config.preset);
  if (config.preset !== undefined && preset === undefined) {
    const known = destination.presets.map((one) => one.slug);
    return fail(
      'workspace_unknown_preset',
      at('preset'),
      `There is no preset "${config.preset}"${suggest(config.preset, known)}`,
    );
  }
  const name = config.action ?? preset?.action;
  const action =
    name === undefined || !Object.hasOwn(destination.actions, name) ? undefined : destination.actions[name];
  if (name === undefined || action === undefined) {
    const known = Object.keys(destination.actions);
    return fail(
      'workspace_unknown_action',
      at('action'),
      name === undefined
        ? `The mapping names no action and no preset. Actions: ${known.join(', ')}.`
        : `There is no action "${name}"${suggest(name, known)}`,
    );
  }
  const trigger = config.trigger ?? (preset?.type === 'automatic' ? preset.trigger : action.defaultTrigger);
  if (trigger === undefined) return fail('workspace_invalid', at('trigger'), 'The mapping needs a trigger.');
  const own = config.trigger === undefined && preset?.type === 'automatic' ? preset.dialect : undefined;
  const dialect = config.dialect ?? own ?? 'waybill';
  const mapping = { ...preset?.mapping, ...config.mapping };

  const issues = [
    ...writtenIssues({ trigger, dialect, mapping }, action, at),
    ...ownershipIssues(config.ownership ?? {}, action, at('ownership')),
  ];
  if (issues.length > 0) return { ok: false, issues };
  const owners = ownershipFor(action, ownership, config.ownership);
  return {
    ok: true,
    value: {
      id: config.id,
      name: config.name ?? preset?.name ?? action.title,
      enabled: config.enabled ?? true,
      action: name,
      trigger,
      dialect,
      mapping,
      ...(config.version === undefined ? {} : { version: config.version }),
      ...(config.delivery === undefined ? {} : { delivery: config.delivery }),
      ...(owners === undefined ? {} : { ownership: owners }),
    },
  };
}

/** What is wrong with a trigger and a mapping as written, without an event. */
function writtenIssues(
  { trigger, dialect, mapping }: Pick<ResolvedMapping, 'trigger' | 'dialect' | 'mapping'>,
  action: Action,
  at: At,
): readonly Issue[] {
  const issues: Issue[] = [];
  try {
    compileTrigger(trigger, { dialect });
  } catch (error) {
    if (!(error instanceof TriggerError)) throw error;
    issues.push({
      ...problem(error.code, at('trigger'), `${error.message}\n${error.picture}`),
      offset: error.offset,
    });
  }
  try {
    // Only inspected, not run: compiled later, if at all.
    compileMapping(mapping, { execution: 'closures' });
  } catch (error) {
    if (!(error instanceof MappingError)) throw error;
    issues.push(...error.problems.map((one) => ({ ...one, path: at(join('mapping', one.path)) })));
  }
  for (const field of Object.keys(mapping)) {
    if (action.fields[field] === undefined && !RESERVED_MAPPING_KEYS.has(field)) {
      issues.push(
        problem(
          'mapping_unknown_field',
          at(`mapping.${field}`),
          `"${action.title}" has no field "${field}"${suggest(field, Object.keys(action.fields))}`,
        ),
      );
    }
  }
  return issues;
}

/**
 * Lists everything that is wrong with the mappings of a valid workspace, as `waybill validate` does: what runs but can
 * never deliver. Checked when the workspace is saved; earlier versions keep running.
 */
export function workspaceMappingIssues(
  workspace: Workspace,
  destinations: readonly Destination[],
): readonly Issue[] {
  return workspace.destinations.flatMap((config, at) => {
    const found = findDestination(destinations, config.type);
    if (!found.ok) return [];
    return (config.mappings ?? []).flatMap((one, index) => {
      const preset = found.value.presets.find(({ slug }) => slug === one.preset);
      const action = found.value.actions[one.action ?? preset?.action ?? ''];
      if (action === undefined) return [];
      const own = one.mapping ?? {};
      const path = `destinations[${at}].mappings[${index}]`;
      const issues = [
        ...mappingIssues(own, { ...preset?.mapping, ...own }, action),
        ...modeIssues(own, action),
        ...hookIssues(own, action),
      ];
      return issues.map((issue) => ({
        ...issue,
        path: `${path}.${join('mapping', issue.path)}`,
      }));
    });
  });
}

/** Lists unknown sources in rules of ownership. */
function unknownOwners(config: DestinationConfig, known: ReadonlySet<string>, path: string): Issue[] {
  const of = (ownership: Ownership | undefined, at: string): Issue[] =>
    Object.entries(ownership ?? {}).flatMap(([field, rule]) =>
      !('sources' in rule)
        ? []
        : rule.sources
            .filter((source) => !known.has(source))
            .map((source) =>
              problem(
                'workspace_unknown_source',
                `${at}.ownership["${field}"]`,
                `There is no source "${source}"${suggest(source, [...known])}`,
              ),
            ),
    );
  return [
    ...of(config.ownership, path),
    ...(config.mappings ?? []).flatMap((one, index) => of(one.ownership, `${path}.mappings[${index}]`)),
  ];
}

/** The mappings of a new instance. */
function automatic(destination: Destination): MappingConfig[] {
  return destination.presets
    .filter((preset) => preset.type === 'automatic')
    .map((preset) => ({ id: preset.slug, preset: preset.slug }));
}

function join(base: string, path: string): string {
  return path === '' ? base : path.startsWith('[') ? `${base}${path}` : `${base}.${path}`;
}

function fail<T>(code: Issue['code'], path: string, message: string): Result<T> {
  return { ok: false, issues: [problem(code, path, message)] };
}
