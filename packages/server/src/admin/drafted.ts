import type { MappingConfig, ResolvedDestination, Workspace } from '@waybill/core';
import { Failure } from '../failure.ts';
import type { Draft } from '../workspace/items.ts';
import type { WorkspaceEditor } from '../workspace/open.ts';
import { refusal } from '../workspace/refusal.ts';
import { destinationOf, withMappings } from './mappings.ts';
import { pick, put } from './read.ts';

/** Returns the workspace with a draft instead of the mapping, or added last. */
export function withPublished(editor: WorkspaceEditor, owner: string, next: MappingConfig): Workspace {
  return withMappings(editor, destinationOf(editor, owner), (listed) => put(listed, next));
}

/** Returns a destination with only the draft of a mapping. */
export function draftedDestination(
  editor: WorkspaceEditor,
  owner: string,
  wanted: string,
): ResolvedDestination {
  const draft = draftOf(editor, owner, wanted);
  const checked = editor.check(withPublished(editor, owner, draft.mapping));
  if (!checked.ok) throw refusal(checked.issues);
  const resolved = pick(checked.value.destinations, owner, 'destination');
  return { ...resolved, mappings: resolved.mappings.filter((one) => one.id === wanted) };
}

/** Returns the draft of a mapping; throws a Failure when there is none. */
export function draftOf(editor: WorkspaceEditor, owner: string, wanted: string): Draft {
  const found = editor.draftOf(destinationOf(editor, owner).id, wanted);
  if (found !== undefined) return found;
  throw new Failure('request_not_found', `There is no draft of the mapping "${wanted}".`);
}
