import type { Workspace } from '@waybill/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { WorkspaceEditor } from '../workspace/open.ts';
import { authorOf, basedOn, tag } from './edits.ts';
import { id, part, pick, swap, without } from './read.ts';

/** A kind of item of the workspace: sources, processors, destinations. */
export interface ItemKind<Config extends { readonly id: string }> {
  /** The part of its addresses after `/api/`. */
  readonly at: string;
  /** What one is called. */
  readonly noun: string;
  /** The name of one in the workspace store. */
  readonly name: (id: string) => string;
  readonly all: () => readonly Config[];
  /** The workspace with these in place of all. */
  readonly withAll: (next: readonly Config[]) => Workspace;
  /** One as the API shows it. */
  readonly show: (config: Config) => unknown;
}

/** What the routes of a kind of item go on with. */
export interface ItemRoutes<Config> {
  /** Edits the one of a request, if it is the version that the edit is based on. */
  change(request: FastifyRequest, make: (before: Config) => readonly Config[]): Promise<void>;
  /** Shows one, with its version as the ETag. */
  showOne(wanted: string, reply: FastifyReply): unknown;
}

/** The routes by which items of a kind are listed, shown, added, replaced and removed. */
export function itemRoutes<Config extends { readonly id: string }>(
  app: FastifyInstance,
  editor: WorkspaceEditor,
  { at, noun, name, all, withAll, show }: ItemKind<Config>,
): ItemRoutes<Config> {
  const showOne: ItemRoutes<Config>['showOne'] = (wanted, reply) => {
    tag(reply, editor, name(wanted));
    return show(pick(all(), wanted, noun));
  };
  const change: ItemRoutes<Config>['change'] = (request, make) =>
    editor.edit(authorOf(request), async () => {
      const before = pick(all(), id(request), noun);
      await editor.expect(name(before.id), basedOn(request));
      return { workspace: withAll(make(before)) };
    });
  app.get(`/api/${at}`, async () => all().map(show));
  app.get(`/api/${at}/:id`, async (request, reply) => showOne(id(request), reply));
  app.post(`/api/${at}`, async (request, reply) => {
    const config = part<Config>(request);
    await editor.edit(authorOf(request), () => ({ workspace: withAll([...all(), config]) }));
    return reply.code(201).send(showOne(config.id, reply));
  });
  app.put(`/api/${at}/:id`, async (request, reply) => {
    await change(request, ({ id: same }) => swap(all(), { ...part<Config>(request), id: same }));
    return showOne(id(request), reply);
  });
  app.delete(`/api/${at}/:id`, async (request, reply) => {
    await change(request, ({ id: gone }) => without(all(), gone));
    return reply.code(204).send();
  });
  return { change, showOne };
}
