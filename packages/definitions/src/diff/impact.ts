import {
  type Destination,
  type Event,
  type MappingConfig,
  resolveMapping,
  type Workspace,
} from '@waybill/core';
import { type DefinitionData, definitionOf, destinationOf } from '../data/definition.ts';
import { formatPlace, type Place } from '../text/place.ts';
import type { Found, MappingSubject, Rule } from '../validate/rule.ts';
import { mappingInvalid } from '../validate/rules/mapping-invalid.ts';
import { mappingRequiredMissing } from '../validate/rules/mapping-required-missing.ts';
import { mappingUnknownField } from '../validate/rules/mapping-unknown-field.ts';
import { mappingValueInvalid } from '../validate/rules/mapping-value-invalid.ts';
import { resolved } from '../validate/workspace.ts';
import { type Change, same } from './change.ts';
import type { Version } from './compare.ts';
import { eventsReached } from './events.ts';

/** A mapping of a workspace that a change affects. */
export interface Reached {
  /** `instance/mapping`. */
  readonly name: string;
  readonly path: string;
  readonly reasons: readonly string[];
}

/** The impact of a change on a workspace. */
export interface Impact {
  /** The number of mappings, automatic ones included. */
  readonly mappings: number;
  /** Mappings that become invalid. */
  readonly stops: readonly Reached[];
  /** Mappings that stay valid but behave differently. */
  readonly differs: readonly Reached[];
  /** Automatic presets that start sending. */
  readonly begins: readonly Reached[];
  /** Problems of instances: settings, limits, the destination itself. */
  readonly instances: readonly { readonly path: string; readonly message: string }[];
}

/** Checks the stored mappings of a workspace under both versions, statically and with events. */
export function impactOn(
  workspace: Workspace,
  before: Version,
  after: Version,
  changes: readonly Change[] = [],
  events: readonly Event[] = [],
): Impact {
  const stops: Reached[] = [];
  const differs: Reached[] = [];
  const begins: Reached[] = [];
  let mappings = 0;
  for (const [at, instance] of workspace.destinations.entries()) {
    const old = destination(before, instance.type);
    const now = destination(after, instance.type);
    if (old === undefined) continue;
    const stored = instance.mappings;
    const configs = stored ?? automatic(old);
    for (const [index, config] of configs.entries()) {
      mappings += 1;
      const place = ['destinations', at, 'mappings', ...(stored === undefined ? [] : [index])];
      const name = `${instance.id}/${config.id}`;
      const path = formatPlace(place);
      const reasons = newReasons(config, old, now, place).map((reason) =>
        renamed(reason, instance.type, changes),
      );
      if (reasons.length > 0) stops.push({ name, path, reasons });
      else if (now !== undefined) {
        const sent = eventsReached(config, old, now, events);
        const other = [...differences(config, old, now), ...sent.differs];
        if (sent.stops.length > 0) stops.push({ name, path, reasons: sent.stops });
        else if (other.length > 0) differs.push({ name, path, reasons: other });
      }
    }
    if (stored !== undefined || now === undefined) continue;
    for (const config of automatic(now)) {
      if (configs.some((one) => one.id === config.id)) continue;
      const reasons = ['The instance lists no mappings, so it has all automatic presets.'];
      begins.push({ name: `${instance.id}/${config.id}`, path: `destinations[${at}]`, reasons });
    }
  }
  return { mappings, stops, differs, begins, instances: instanceProblems(workspace, before, after) };
}

function destination(version: Version, slug: string): Destination | undefined {
  const definition = version.get(slug);
  return definition === undefined ? undefined : destinationOf(definition);
}

function automatic({ presets }: Destination): MappingConfig[] {
  return presets
    .filter((preset) => preset.type === 'automatic')
    .map((preset) => ({ id: preset.slug, preset: preset.slug }));
}

/** A field that was only renamed is reported as renamed. */
function renamed(reason: string, slug: string, changes: readonly Change[]): string {
  const field = /has no field "([^"]+)"/.exec(reason)?.[1];
  const found = changes.find(
    (one) => one.code === 'field_renamed' && one.destination === slug && one.before === field,
  );
  return found === undefined ? reason : found.message;
}

function newReasons(
  config: MappingConfig,
  old: Destination,
  now: Destination | undefined,
  place: Place,
): readonly string[] {
  if (now === undefined) return [`The destination "${old.name}" was removed.`];
  const known = new Set(problems(config, old, place).map(({ key }) => key));
  const fresh = problems(config, now, place).filter(({ key }) => !known.has(key));
  return [...new Set(fresh.map(({ message }) => message))];
}

const RULES: readonly Rule[] = [
  mappingInvalid,
  mappingUnknownField,
  mappingValueInvalid,
  mappingRequiredMissing,
];

interface Reason {
  /** Identifies problems whose messages differ between versions. */
  readonly key: string;
  readonly message: string;
}

function problems(config: MappingConfig, one: Destination, place: Place): readonly Reason[] {
  const result = resolveMapping(config, one);
  const reasons: Reason[] = [];
  if (!result.ok) {
    for (const { code, path, message } of result.issues) {
      if (code === 'mapping_unknown_field' || code.startsWith('mapping_')) continue;
      reasons.push({ key: `${code} ${path}`, message });
    }
  }
  const preset = one.presets.find((candidate) => candidate.slug === config.preset);
  const action = definitionOf(one).actions[config.action ?? preset?.action ?? ''];
  if (action === undefined) return reasons;
  const whole = { ...preset?.mapping, ...config.mapping };
  const subject: MappingSubject = {
    source: { name: '', isFile: false },
    of: 'workspace',
    mapping: { value: whole, place: [...place, 'mapping'], whole, automatic: false },
    action,
  };
  for (const rule of RULES) {
    for (const found of (rule.checks.mapping?.(subject) ?? []) as Iterable<Found>) {
      reasons.push({ key: `${rule.code} ${formatPlace(found.place)}`, message: found.message });
    }
  }
  return reasons;
}

function differences(config: MappingConfig, old: Destination, now: Destination): readonly string[] {
  const [from, to] = [resolveMapping(config, old), resolveMapping(config, now)];
  if (!from.ok || !to.ok) return [];
  const reasons: string[] = [];
  if (from.value.action !== to.value.action) {
    reasons.push(`It uses the action "${to.value.action}", not "${from.value.action}".`);
  }
  if (from.value.trigger !== to.value.trigger) reasons.push(`Its trigger becomes ${to.value.trigger}`);
  const [sent, sends] = [from.value.mapping, to.value.mapping];
  for (const field of new Set([...Object.keys(sent), ...Object.keys(sends)])) {
    if (same(sent[field], sends[field])) continue;
    reasons.push(field in sends ? `It fills "${field}" differently.` : `It no longer fills "${field}".`);
  }
  return reasons;
}

function instanceProblems(workspace: Workspace, before: Version, after: Version): Impact['instances'] {
  const found = (version: Version): readonly Found[] => [
    ...resolved({ source: { name: '', isFile: false }, workspace, destinations: all(version) }, [
      'workspace_unknown_destination',
      'workspace_invalid_settings',
      'workspace_mapping_limit',
    ]),
  ];
  const known = new Set(found(before).map((one) => formatPlace(one.place)));
  return found(after)
    .map((one) => ({ path: formatPlace(one.place), message: one.message }))
    .filter(({ path }) => !known.has(path));
}

function all(version: Version): readonly Destination[] {
  return [...version.values()].map((definition: DefinitionData) => destinationOf(definition));
}
