import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Destination,
  type DestinationConfig,
  findDestination,
  type ResolvedWorkspace,
  resolveWorkspace,
  type Workspace,
} from '@waybill/core';
import { destinations } from '@waybill/destinations';
import { Failure } from './failure.ts';
import type { SecretBox } from './keys.ts';

/** The workspace in force: read, changed as a whole, kept on disk with its secrets encrypted. */
export interface WorkspaceKeeper {
  readonly workspace: Workspace;
  readonly resolved: ResolvedWorkspace;
  /** Checks the new workspace as a whole and makes it the one in force, or throws a Failure and changes nothing. */
  replace(workspace: Workspace): void;
  /** The same for a declared file: applied only when its text is not the one applied last. Returns whether it was. */
  declare(text: string): boolean;
}

/** What stands for a secret in answers; given back in a request, it means "as it was". */
export const KEPT_SECRET = { $secret: true } as const;

interface Stored {
  readonly version: 1;
  readonly declared?: string;
  readonly sealed: string;
}

/** Opens the workspace of a data folder; an empty one when there is none yet. */
export function openWorkspace(input: {
  readonly dataDir: string;
  readonly box: SecretBox;
  readonly env: (name: string) => string | undefined;
  readonly onChange: (workspace: ResolvedWorkspace) => void;
}): WorkspaceKeeper {
  const file = join(input.dataDir, 'workspace.json');
  let declared: string | undefined;
  let workspace: Workspace = { sources: [], destinations: [] };
  if (existsSync(file)) {
    const stored = JSON.parse(readFileSync(file, 'utf8')) as Stored;
    workspace = JSON.parse(input.box.open(stored.sealed)) as Workspace;
    declared = stored.declared;
  }
  let resolved = resolve(workspace);

  function resolve(next: Workspace): ResolvedWorkspace {
    const shape = checkShape(next);
    if (shape !== undefined) throw shape;
    const result = resolveWorkspace(next, { destinations, env: input.env });
    if (result.ok) return result.value;
    const [first] = result.issues;
    const code = first?.code ?? 'workspace_invalid';
    throw new Failure(
      code,
      result.issues.map((issue) => `${issue.path}: ${issue.message}`).join('\n'),
      result.issues,
    );
  }

  function keep(next: Workspace): void {
    resolved = resolve(next);
    workspace = next;
    const stored: Stored = {
      version: 1,
      ...(declared === undefined ? {} : { declared }),
      sealed: input.box.seal(JSON.stringify(next)),
    };
    writeDurably(file, JSON.stringify(stored));
    input.onChange(resolved);
  }

  return {
    get workspace() {
      return workspace;
    },
    get resolved() {
      return resolved;
    },
    replace(next) {
      keep(restoreSecrets(next, workspace));
    },
    declare(text) {
      if (declared === text) return false;
      let parsed: Workspace;
      try {
        parsed = JSON.parse(text) as Workspace;
      } catch (error) {
        throw new Failure(
          'workspace_invalid',
          `The workspace is not valid JSON: ${(error as Error).message}`,
        );
      }
      const before = declared;
      declared = text;
      try {
        keep(parsed);
      } catch (error) {
        declared = before;
        throw error;
      }
      return true;
    },
  };
}

/** A workspace without its secrets, for answers. */
export function hideSecrets(workspace: Workspace): unknown {
  return {
    ...workspace,
    sources: workspace.sources.map((source) => ({ ...source, writeKey: KEPT_SECRET })),
    destinations: workspace.destinations.map(hideSettings),
  };
}

/** One destination without its secrets, for answers. */
export function hideSettings(config: DestinationConfig): unknown {
  const settings: Record<string, unknown> = { ...config.settings };
  for (const name of Object.keys(settings)) {
    if (isSecret(config.type, name)) settings[name] = KEPT_SECRET;
  }
  return { ...config, settings };
}

function isSecret(type: string, setting: string): boolean {
  const found = findDestination(destinations, type);
  return !found.ok || found.value.settings[setting]?.type === 'password';
}

function restoreSecrets(next: Workspace, before: Workspace): Workspace {
  if (!Array.isArray(next.sources) || !Array.isArray(next.destinations)) return next;
  return {
    ...next,
    sources: next.sources.map((source) => {
      const known = before.sources.find((one) => one.id === source?.id);
      return isKept(source?.writeKey) && known !== undefined
        ? { ...source, writeKey: known.writeKey }
        : source;
    }),
    destinations: next.destinations.map((config) => {
      const known = before.destinations.find((one) => one.id === config?.id);
      if (known === undefined || typeof config.settings !== 'object' || config.settings === null)
        return config;
      const settings: Record<string, unknown> = { ...config.settings };
      for (const [name, value] of Object.entries(settings)) {
        if (isKept(value)) settings[name] = known.settings[name];
      }
      return { ...config, settings };
    }),
  };
}

function isKept(value: unknown): boolean {
  return typeof value === 'object' && value !== null && (value as { $secret?: unknown }).$secret === true;
}

/** The shape that `resolveWorkspace` relies on; its own checks go deeper. */
function checkShape(workspace: unknown): Failure | undefined {
  const issues: { code: 'workspace_invalid'; path: string; message: string }[] = [];
  const say = (path: string, message: string): void => {
    issues.push({ code: 'workspace_invalid', path, message });
  };
  const record = (value: unknown): value is Record<string, unknown> =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  const text = (value: unknown): boolean => typeof value === 'string' && value !== '';
  const only = (value: Record<string, unknown>, path: string, known: readonly string[]): void => {
    for (const key of Object.keys(value)) {
      if (!known.includes(key))
        say(`${path}${path === '' ? '' : '.'}${key}`, `Unknown member. Known: ${known.join(', ')}.`);
    }
  };
  if (!record(workspace)) return new Failure('workspace_invalid', 'A workspace is a JSON object.');
  only(workspace, '', ['$schema', 'sources', 'destinations']);
  for (const list of ['sources', 'destinations'] as const) {
    if (!Array.isArray(workspace[list])) say(list, 'Must be a list.');
  }
  for (const [index, source] of asList(workspace['sources']).entries()) {
    const at = `sources[${index}]`;
    if (!record(source)) {
      say(at, 'Must be an object.');
      continue;
    }
    only(source, at, ['id', 'name', 'writeKey', 'enabled']);
    if (!text(source['id'])) say(`${at}.id`, 'Must be text.');
    const key = source['writeKey'];
    if (!text(key) && !(record(key) && text(key['$env']))) {
      say(`${at}.writeKey`, 'Must be text, or { "$env": "NAME" }.');
    }
  }
  for (const [index, destination] of asList(workspace['destinations']).entries()) {
    const at = `destinations[${index}]`;
    if (!record(destination)) {
      say(at, 'Must be an object.');
      continue;
    }
    only(destination, at, [
      'id',
      'name',
      'type',
      'enabled',
      'sources',
      'settings',
      'maxMappings',
      'mappings',
    ]);
    if (!text(destination['id'])) say(`${at}.id`, 'Must be text.');
    if (!text(destination['type'])) say(`${at}.type`, 'Must be text.');
    if (!record(destination['settings'])) say(`${at}.settings`, 'Must be an object.');
    const { sources, mappings, maxMappings } = destination;
    if (sources !== undefined && !Array.isArray(sources))
      say(`${at}.sources`, 'Must be a list of source ids.');
    if (maxMappings !== undefined && !(Number.isInteger(maxMappings) && Number(maxMappings) > 0)) {
      say(`${at}.maxMappings`, 'Must be a positive whole number.');
    }
    if (mappings !== undefined && !Array.isArray(mappings)) say(`${at}.mappings`, 'Must be a list.');
    for (const [nth, mapping] of asList(mappings).entries()) {
      const here = `${at}.mappings[${nth}]`;
      if (!record(mapping)) {
        say(here, 'Must be an object.');
        continue;
      }
      only(mapping, here, ['id', 'name', 'enabled', 'preset', 'action', 'trigger', 'dialect', 'mapping']);
      if (!text(mapping['id'])) say(`${here}.id`, 'Must be text.');
      for (const key of ['preset', 'action', 'trigger', 'name'] as const) {
        if (mapping[key] !== undefined && !text(mapping[key])) say(`${here}.${key}`, 'Must be text.');
      }
      if (mapping['mapping'] !== undefined && !record(mapping['mapping']))
        say(`${here}.mapping`, 'Must be an object.');
      if (mapping['dialect'] !== undefined && !['waybill', 'segment'].includes(String(mapping['dialect']))) {
        say(`${here}.dialect`, 'Must be "waybill" or "segment".');
      }
    }
  }
  if (issues.length === 0) return undefined;
  return new Failure(
    'workspace_invalid',
    issues.map((one) => `${one.path}: ${one.message}`).join('\n'),
    issues,
  );
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function writeDurably(file: string, text: string): void {
  const temporary = `${file}.new`;
  const handle = openSync(temporary, 'w', 0o600);
  try {
    writeSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(temporary, file);
}

/** The destinations this server knows. */
export const knownDestinations: readonly Destination[] = destinations;
