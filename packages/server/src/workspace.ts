import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  type Destination,
  type ResolvedWorkspace,
  type Issue,
  resolveWorkspace,
  type Workspace,
  workspaceMappingIssues,
  workspaceShapeIssues,
} from '@waybill/core';
import { Failure } from './failure.ts';
import { writeDurably } from './folder/durable.ts';
import type { SecretBox } from './keys.ts';
import { checkVariables, restoreSecrets } from './secrets.ts';
import { formatPlace, parsePlace } from '@waybill/definitions/text';
import {
  at,
  type DuplicateKey,
  duplicateKeys,
  type JsonFault,
  jsonSource,
  positionOf,
  type Source,
} from '@waybill/definitions/text';

/** The workspace in force: read, changed as a whole, kept on disk with its secrets encrypted. */
export interface WorkspaceKeeper {
  /** The destinations there are. */
  readonly destinations: readonly Destination[];
  readonly workspace: Workspace;
  readonly resolved: ResolvedWorkspace;
  /**
   * Checks the new workspace as a whole and makes it the one in force, or throws a Failure and changes nothing. Resolves
   * when the delivery thread has it too: an event that is sent then meets the new mappings.
   */
  replace(workspace: Workspace): Promise<void>;
  /** The same for a declared file: applied only when its text is not the one applied last. Returns whether it was. */
  declare(text: string): boolean;
}

interface Stored {
  readonly version: 1;
  /** Hash of the file that was applied last: the text itself may hold secrets. */
  readonly declared?: string;
  readonly sealed: string;
}

/** Opens the workspace of a data folder; an empty one when there is none yet. */
export function openWorkspace(input: {
  /** The destinations there are. */
  readonly destinations: readonly Destination[];
  readonly dataDir: string;
  readonly box: SecretBox;
  readonly env: (name: string) => string | undefined;
  /** Whether a change by the admin API may name a variable of the environment; a declared file may name any. */
  readonly mayName: (variable: string) => boolean;
  /** Resolves when the change is in force. */
  readonly onChange: (workspace: ResolvedWorkspace) => Promise<void>;
}): WorkspaceKeeper {
  const file = join(input.dataDir, 'workspace.json');
  let declared: string | undefined;
  let workspace: Workspace = { sources: [], destinations: [] };
  if (existsSync(file)) {
    const stored = readStored(file);
    workspace = JSON.parse(unseal(file, stored, input.box)) as Workspace;
    declared = stored.declared;
  }
  let resolved = resolve(workspace);

  function resolve(next: Workspace): ResolvedWorkspace {
    const shape = workspaceShapeIssues(next);
    const result =
      shape.length > 0
        ? { ok: false as const, issues: shape }
        : resolveWorkspace(next, { destinations: input.destinations, env: input.env });
    if (result.ok) return result.value;
    throw refusal(result.issues);
  }

  /** What cannot be stored is not in force either: it would be gone with the next start. */
  function keep(next: Workspace, hash = declared): Promise<void> {
    const checked = resolve(next);
    // What was saved before goes on running; what is saved now is checked as `waybill validate` checks it.
    const issues = workspaceMappingIssues(next, input.destinations);
    if (issues.length > 0) throw refusal(issues);
    const stored: Stored = {
      version: 1,
      ...(hash === undefined ? {} : { declared: hash }),
      sealed: input.box.seal(JSON.stringify(next)),
    };
    try {
      writeDurably(file, JSON.stringify(stored));
    } catch (error) {
      const { message } = error as Error;
      throw new Failure('workspace_not_stored', `The change could not be stored (${message}).`);
    }
    resolved = checked;
    workspace = next;
    declared = hash;
    return input.onChange(resolved);
  }

  return {
    destinations: input.destinations,
    get workspace() {
      return workspace;
    },
    get resolved() {
      return resolved;
    },
    async replace(next) {
      await keep(restoreSecrets(next, workspace, input));
    },
    declare(text) {
      const hash = createHash('sha256').update(text).digest('hex');
      if (declared === hash) return false;
      const { source, value, faults } = jsonSource('workspace', text);
      const written = [...faults, ...duplicateKeys(source)].map((one) => asIssue(one, source));
      if (written.length > 0) throw refusal(written);
      checkVariables(value as Workspace);
      try {
        void keep(value as Workspace, hash);
      } catch (error) {
        if (!(error instanceof Failure) || error.issues.length === 0) throw error;
        throw refusal(located(error.issues, source));
      }
      return true;
    },
  };
}

/** An issue with its line and column in the text that was read. */
type LocatedIssue = Issue & { readonly line?: number; readonly column?: number };

function refusal(issues: readonly LocatedIssue[]): Failure {
  const lines = issues.map(({ line, column, path, message }) =>
    [line === undefined ? '' : `line ${line}, column ${column}`, path, message].filter(Boolean).join(': '),
  );
  return new Failure(issues[0]?.code ?? 'workspace_invalid', lines.join('\n'), issues);
}

function asIssue(one: JsonFault | DuplicateKey, source: Source): LocatedIssue {
  const path = 'place' in one ? formatPlace(one.place) : '';
  const offset = 'at' in one ? one.at : one.offset;
  return { code: 'workspace_invalid', path, message: one.message, ...at(source, offset) };
}

function located(issues: readonly Issue[], source: Source): readonly LocatedIssue[] {
  return issues.map((issue) => {
    const key = issue.code === 'mapping_unknown_field';
    return { ...issue, ...positionOf(source, parsePlace(issue.path), { key, offset: issue.offset }) };
  });
}

function readStored(file: string): Stored {
  try {
    const stored = JSON.parse(readFileSync(file, 'utf8')) as Partial<Stored> | null;
    if (typeof stored?.sealed === 'string') return stored as Stored;
  } catch {
    // Said below.
  }
  throw new Failure(
    'workspace_unreadable',
    `${file} cannot be read: it is cut off, or was not written by Waybill. Restore a back-up, or remove it and start with a workspace file.`,
  );
}

function unseal(file: string, { sealed }: Stored, box: SecretBox): string {
  try {
    return box.open(sealed);
  } catch {
    throw new Failure(
      'secret_key_wrong',
      `The secrets in ${file} are encrypted with another key than ${join(dirname(file), 'secret-key')} or WAYBILL_SECRET_KEY gives. Put back the key that belongs to them; if it is lost, remove workspace.json and start with a workspace file.`,
    );
  }
}
