import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Workspace } from '@waybill/core';
import { Failure } from '../failure.ts';
import { syncFolder } from '../folder/durable.ts';
import type { SecretBox } from '../keys.ts';

/** The content of a workspace file of earlier versions. */
export interface OldWorkspace {
  readonly workspace: Workspace;
  /** The hash of the last applied file. */
  readonly declared?: string;
}

/** Reads the `workspace.json` of earlier versions in the data folder; undefined when there is none. */
export function readOldFile(dataDir: string, box: SecretBox): OldWorkspace | undefined {
  const file = join(dataDir, 'workspace.json');
  if (!existsSync(file)) return undefined;
  const { sealed, declared } = readStored(file);
  let text: string;
  try {
    text = box.open(sealed);
  } catch {
    throw wrongKey('workspace.json', dataDir);
  }
  const workspace = JSON.parse(text) as Workspace;
  return declared === undefined ? { workspace } : { workspace, declared };
}

/** Removes it, once its content is stored elsewhere. */
export function removeOldFile(dataDir: string): void {
  rmSync(join(dataDir, 'workspace.json'), { force: true });
  syncFolder(dataDir);
}

/** The failure for data that is encrypted with another key. */
export function wrongKey(name: string, dataDir: string): Failure {
  return new Failure(
    'secret_key_wrong',
    `The secrets in ${name} are encrypted with a key other than ${join(dataDir, 'secret-key')} or WAYBILL_SECRET_KEY. Restore the key that belongs to them; if it is lost, remove ${name} and start with a workspace file.`,
  );
}

function readStored(file: string): { readonly sealed: string; readonly declared?: string } {
  try {
    const stored = JSON.parse(readFileSync(file, 'utf8')) as {
      readonly sealed?: unknown;
      readonly declared?: string;
    } | null;
    if (typeof stored?.sealed === 'string') return { ...stored, sealed: stored.sealed };
  } catch {
    // Reported below.
  }
  throw new Failure(
    'workspace_unreadable',
    `${file} cannot be read: it is truncated, or was not written by Waybill. Restore a back-up, or remove it and start with a workspace file.`,
  );
}
