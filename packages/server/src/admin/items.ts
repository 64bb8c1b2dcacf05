import type { Workspace } from '@waybill/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { WorkspaceEditor } from '../workspace/open.ts';
import { authorOf, basedOn, tag } from './edits.ts';
import { id, part, pick, swap, without } from './read.ts';

/** A kind of item of the workspace: sources, processors, destinations. */
export interface ItemKind<Config extends { readonly id: string }> {
  /** The part of its paths after `/api/`. */
  readonly at: string;
  /** Its name in messages. */
  readonly noun: string;
  /** Returns its name in the workspace store. */
  readonly name: (id: string) => string;
  readonly all: () => readonly Config[];
  /** Returns the workspace with these items instead of all. */
  readonly withAll: (next: readonly Config[]) => Workspace;
  /** Converts an item for the API. */
  readonly show: (config: Config) => unknown;
}

/** Helpers for the routes of a kind of item. */
export interface ItemRoutes<Config> {
  /** Edits the item of a request, if its version matches. */
  change(request: FastifyRequest, make: (before: Config) => readonly Config[]): Promise<void>;
  /** Returns an item, with its version as the ETag. */
  showOne(wanted: string, reply: FastifyReply): unknown;
}

/** Adds the routes that list, show, add, replace and remove items of a kind. */
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
