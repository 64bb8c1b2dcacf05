import { type HookName, type Issue, type MappingConfig, workspaceShapeIssues } from '@waybill/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Failure } from '../failure.ts';
import { conflict } from '../workspace/conflict.ts';
import { type Draft, draftName, mappingName } from '../workspace/items.ts';
import type { WorkspaceEditor } from '../workspace/open.ts';
import { refusal } from '../workspace/refusal.ts';
import { authorOf, basedOn, tag } from './edits.ts';
import type { AdminInput } from './input.ts';
import { draftOf, withPublished } from './drafted.ts';
import { beginDraft, createHookRuns, type HookRuns } from './hooks.ts';
import { destinationOf } from './mappings.ts';
import { id, mapping, part, query } from './read.ts';

/** The maximum number of drafts of a destination. */
const MOST = 100;

const AT = '/api/destinations/:id/mappings/:mapping/draft';

/** Drafts of mappings: saved without running, until they are published. */
export function draftRoutes(app: FastifyInstance, { editor, delivery }: AdminInput): void {
  const named = (request: FastifyRequest): string => draftName(id(request), mapping(request));
  const drafted = (request: FastifyRequest): Draft => draftOf(editor, id(request), mapping(request));
  const show = (request: FastifyRequest): ShownDraft => {
    const draft = drafted(request);
    const checked = editor.check(withPublished(editor, id(request), draft.mapping));
    return { ...draft, issues: checked.ok ? [] : checked.issues };
  };

  app.get('/api/destinations/:id/drafts', async (request) =>
    editor.draftsOf(destinationOf(editor, id(request)).id),
  );
  app.get(AT, async (request, reply) => {
    tag(reply, editor, named(request));
    return show(request);
  });
  app.put(AT, async (request, reply) => {
    const next = { ...part<MappingConfig>(request), id: mapping(request) };
    refuseShape(next);
    await editor.edit(authorOf(request), async () => {
      const { id: destination } = destinationOf(editor, id(request));
      const before = editor.draftOf(destination, next.id);
      const based = basedOn(request);
      // Version 0 means that there is none yet: if two people start one at the same time, the second gets a conflict.
      const isNew = before === undefined && (based === undefined || based === 0);
      if (!isNew) await editor.expect(named(request), based);
      if (before === undefined && editor.draftsOf(destination).length >= MOST)
        throw new Failure('workspace_mapping_limit', `A destination has at most ${MOST} drafts.`);
      const { base = before?.base ?? editor.versionOf(mappingName(destination, next.id)) } =
        query<'PUT /api/destinations/:id/mappings/:mapping/draft'>(request);
      return { draft: { destination, mapping: next.id, value: { base, mapping: next } } };
    });
    tag(reply, editor, named(request));
    return show(request);
  });
  app.delete(AT, async (request, reply) => {
    await editor.edit(authorOf(request), async () => {
      drafted(request);
      await editor.expect(named(request), basedOn(request));
      return { draft: { destination: id(request), mapping: mapping(request) } };
    });
    return reply.code(204).send();
  });
  const hooks = createHookRuns({ editor, delivery });
  hookRoute(app, { editor, hooks, show });
  app.post(`${AT}/publish`, async (request, reply) => {
    const name = mappingName(id(request), mapping(request));
    drafted(request);
    const based = basedOn(request);
    await editor.expect(named(request), based);
    const of = { destination: id(request), mapping: mapping(request) };
    const ran = await hooks.run(of, authorOf(request));
    const expected = ran ? editor.versionOf(named(request)) : based;
    await editor.edit(authorOf(request), async () => {
      const draft = drafted(request);
      await editor.expect(named(request), expected);
      const current = editor.versionOf(name);
      // A change of the mapping since the draft was created would be lost.
      if (based !== '*' && draft.base !== current)
        throw await conflict(editor.history, name, draft.base, current);
      return {
        workspace: withPublished(editor, id(request), draft.mapping),
        draft: { destination: id(request), mapping: mapping(request) },
      };
    });
    tag(reply, editor, name);
    const owner = editor.resolved.destinations.find((one) => one.id === id(request));
    return owner?.mappings.find((one) => one.id === mapping(request));
  });
}

/** Runs a hook of a mapping again, in a draft of it. */
function hookRoute(app: FastifyInstance, { editor, hooks, show }: HookRoute): void {
  app.post('/api/destinations/:id/mappings/:mapping/hooks/:hook', async (request, reply) => {
    const of = { destination: id(request), mapping: mapping(request) };
    const { hook } = request.params as { readonly hook: HookName };
    const named = draftName(of.destination, of.mapping);
    if (editor.draftOf(of.destination, of.mapping) !== undefined)
      await editor.expect(named, basedOn(request));
    await beginDraft(editor, of, authorOf(request));
    await hooks.run(of, authorOf(request), hook);
    tag(reply, editor, named);
    return show(request);
  });
}

interface HookRoute {
  readonly editor: WorkspaceEditor;
  readonly hooks: HookRuns;
  readonly show: (request: FastifyRequest) => ShownDraft;
}

/** A draft, and the errors that publishing it would return. */
interface ShownDraft extends Draft {
  readonly issues: readonly Issue[];
}

/** Throws a Failure when a value does not have the shape of a mapping; it may be incomplete. */
export function refuseShape(draft: MappingConfig): void {
  const destination = { id: 'draft', type: 'draft', settings: {}, mappings: [draft] };
  const issues = workspaceShapeIssues({ sources: [], destinations: [destination] });
  if (issues.length === 0) return;
  const prefix = 'destinations[0].mappings[0]';
  throw refusal(issues.map((one) => ({ ...one, path: one.path.replace(prefix, '').replace(/^\./, '') })));
}
