import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import {
  type HookName,
  HOOKS,
  type KeptHook,
  keptHook,
  type MappingConfig,
  type ResolvedMapping,
} from '@waybill/core';
import { Failure } from '../failure.ts';
import { takingTurns } from '../peers/turn.ts';
import { draftName, mappingName } from '../workspace/items.ts';
import type { Author, WorkspaceEditor } from '../workspace/open.ts';
import { draftedDestination } from './drafted.ts';
import type { AdminInput } from './input.ts';

/** A mapping with hooks to run. */
export interface HookedMapping {
  readonly destination: string;
  readonly mapping: string;
}

/** Runs hooks of drafts. */
export interface HookRuns {
  /**
   * Runs the hooks of a draft that have not run with the current inputs, or `again` the named one. Their outputs are stored in
   * the draft first, so that nothing is created twice when publishing fails. Returns whether any ran.
   */
  run(of: HookedMapping, author: Author, again?: HookName): Promise<boolean>;
}

/** Creates the hook runs of a server: hooks of a mapping are serialised, also when two people publish it at the same time. */
export function createHookRuns({ editor, delivery }: Pick<AdminInput, 'editor' | 'delivery'>): HookRuns {
  const running = new Map<string, Promise<unknown>>();
  const runOne = async (of: HookedMapping, name: HookName, author: Author): Promise<void> => {
    const { mappings } = draftedDestination(editor, of.destination, of.mapping);
    const [{ action, mapping }] = mappings as readonly [ResolvedMapping];
    const { inputs = {}, outputs } = keptHook(mapping, name) ?? {};
    const answer = await delivery().ask('runHook', of.destination, {
      action,
      hook: name,
      question: { inputs, payload: plain(mapping), ...(outputs === undefined ? {} : { outputs }) },
    });
    if (answer.error !== undefined) throw failed(name, answer.error);
    const { outputs: made, message } = answer;
    await keep(editor, of, name, author, {
      outputs: made,
      ranWith: inputs,
      ranAt: Date.now(),
      ...(message === undefined ? {} : { message }),
    });
  };
  return {
    async run(of, author, again) {
      const name = draftName(of.destination, of.mapping);
      const inTurn = takingTurns(editor.peers, `hooks ${name}`, randomUUID());
      const before = running.get(name) ?? Promise.resolve();
      const turn = before.then(() =>
        inTurn(async () => {
          const { mappings } = draftedDestination(editor, of.destination, of.mapping);
          const due = again === undefined ? dueHooks(mappings[0]!, editor, of.destination) : [again];
          for (const one of due) await runOne(of, one, author);
          return due.length > 0;
        }),
      );
      const ended = turn.catch(() => undefined);
      running.set(name, ended);
      try {
        return await turn;
      } finally {
        if (running.get(name) === ended) running.delete(name);
      }
    },
  };
}

/** The hooks of a mapping that have not run with the current inputs. */
function dueHooks(
  { action, mapping }: ResolvedMapping,
  { resolved }: Pick<WorkspaceEditor, 'resolved'>,
  owner: string,
): readonly HookName[] {
  const found = resolved.destinations.find(({ id }) => id === owner)?.destination.actions[action]?.hooks;
  return HOOKS.filter((name) => {
    const kept = keptHook(mapping, name);
    if (kept === undefined || found?.[name] === undefined) return false;
    const { inputs = {}, outputs, ranWith } = kept;
    // Outputs from elsewhere, for example from a file, are accepted.
    return outputs === undefined || (ranWith !== undefined && !isDeepStrictEqual(ranWith, inputs));
  });
}

/** Stores the outputs of a hook in the draft, despite concurrent changes. */
async function keep(
  editor: WorkspaceEditor,
  { destination, mapping }: HookedMapping,
  name: HookName,
  author: Author,
  ran: KeptHook,
): Promise<void> {
  await editor.edit(author, () => {
    const draft = editor.draftOf(destination, mapping);
    if (draft === undefined)
      throw new Failure('request_not_found', `There is no draft of the mapping "${mapping}" any more.`);
    const { mapping: values = {} } = draft.mapping;
    const next: MappingConfig = {
      ...draft.mapping,
      mapping: { ...values, [name]: { ...keptHook(values, name), ...ran } },
    };
    return { draft: { destination, mapping, value: { ...draft, mapping: next } } };
  });
}

/** Returns the version of the draft for its hooks; creates one from the current mapping when there is none. */
export async function beginDraft(
  editor: WorkspaceEditor,
  { destination, mapping }: HookedMapping,
  author: Author,
): Promise<void> {
  if (editor.draftOf(destination, mapping) !== undefined) return;
  await editor.edit(author, () => {
    const owner = editor.workspace.destinations.find(({ id }) => id === destination);
    const config = owner?.mappings?.find(({ id }) => id === mapping);
    if (config === undefined)
      throw new Failure('request_not_found', `There is no mapping "${mapping}" in the workspace.`);
    const base = editor.versionOf(mappingName(destination, mapping));
    return { draft: { destination, mapping, value: { base, mapping: config } } };
  });
}

/** The constant values of a mapping. */
function plain(mapping: ResolvedMapping['mapping']): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(mapping).filter(
      ([name, value]) =>
        !(HOOKS as readonly string[]).includes(name) && !JSON.stringify(value).includes('"@'),
    ),
  );
}

function failed(name: HookName, { code, path, message }: Failure['issues'][number]): Failure {
  const at = path === '' ? `mapping.${name}` : `mapping.${name}.inputs.${path}`;
  return new Failure('mapping_hook_failed', message, [{ code, path: at, message }]);
}
