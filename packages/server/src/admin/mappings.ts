import type { DestinationConfig, MappingConfig, Workspace } from '@waybill/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Failure } from '../failure.ts';
import { destinationName, mappingName } from '../workspace/items.ts';
import type { WorkspaceEditor } from '../workspace/open.ts';
import { authorOf, basedOn, tag } from './edits.ts';
import type { AdminInput } from './input.ts';
import { body, id, mapping, part, pick, swap, without } from './read.ts';

/** Routes of single mappings of a destination. */
export function mappingRoutes(app: FastifyInstance, { editor }: AdminInput): void {
  const owner = (request: FastifyRequest): DestinationConfig => destinationOf(editor, id(request));
  const resolved = (request: FastifyRequest, wanted: string): unknown =>
    pick(
      editor.resolved.destinations.find((one) => one.id === id(request))?.mappings ?? [],
      wanted,
      'mapping',
    );
  const nameOf = (request: FastifyRequest): string => mappingName(id(request), mapping(request));

  app.get('/api/destinations/:id/mappings', async (request) => {
    owner(request);
    return editor.resolved.destinations.find((one) => one.id === id(request))?.mappings ?? [];
  });
  app.get('/api/destinations/:id/mappings/:mapping', async (request, reply) => {
    owner(request);
    tag(reply, editor, nameOf(request));
    return resolved(request, mapping(request));
  });
  app.post('/api/destinations/:id/mappings', async (request, reply) => {
    const added = part<MappingConfig>(request);
    await editor.edit(authorOf(request), () => ({
      workspace: withMappings(editor, owner(request), (listed) => [...listed, added]),
    }));
    tag(reply, editor, mappingName(id(request), added.id));
    return reply.code(201).send(resolved(request, added.id));
  });
  /** Replaces the configured mapping. */
  const change = async (
    request: FastifyRequest,
    reply: FastifyReply,
    make: (before: MappingConfig) => MappingConfig,
  ): Promise<unknown> => {
    await editor.edit(authorOf(request), async () => {
      const before = pick(listedOf(editor, owner(request)).mappings, mapping(request), 'mapping');
      await editor.expect(nameOf(request), basedOn(request));
      const next = { ...make(before), id: before.id };
      return { workspace: withMappings(editor, owner(request), (listed) => swap(listed, next)) };
    });
    tag(reply, editor, nameOf(request));
    return resolved(request, mapping(request));
  };
  app.put('/api/destinations/:id/mappings/:mapping', (request, reply) =>
    change(request, reply, () => part<MappingConfig>(request)),
  );
  app.patch('/api/destinations/:id/mappings/:mapping', (request, reply) =>
    change(request, reply, (before) => ({ ...before, ...part<Partial<MappingConfig>>(request) })),
  );
  app.put('/api/destinations/:id/mappings/order', async (request, reply) => {
    const ids = body<'PUT /api/destinations/:id/mappings/order'>(request);
    await editor.edit(authorOf(request), async () => {
      const { mappings } = listedOf(editor, owner(request));
      await editor.expect(destinationName(id(request)), basedOn(request));
      refuseOrder(ids, mappings);
      return {
        workspace: withMappings(editor, owner(request), (listed) =>
          ids.map((one) => pick(listed, one, 'mapping')),
        ),
      };
    });
    tag(reply, editor, destinationName(id(request)));
    return pick(editor.resolved.destinations, id(request), 'destination').mappings;
  });
  app.delete('/api/destinations/:id/mappings/:mapping', async (request, reply) => {
    await editor.edit(authorOf(request), async () => {
      const { mappings } = listedOf(editor, owner(request));
      pick(mappings, mapping(request), 'mapping');
      await editor.expect(nameOf(request), basedOn(request));
      return {
        workspace: withMappings(editor, owner(request), (listed) => without(listed, mapping(request))),
      };
    });
    return reply.code(204).send();
  });
}

/** An order must name every mapping once: others would be removed. */
function refuseOrder(ids: readonly string[], mappings: readonly MappingConfig[]): void {
  const wrong = [
    ...ids.filter((one, at) => ids.indexOf(one) !== at).map((one) => `"${one}" is named twice.`),
    ...ids.filter((one) => !mappings.some((known) => known.id === one)).map((one) => `There is no "${one}".`),
    ...mappings.filter((known) => !ids.includes(known.id)).map((known) => `"${known.id}" is missing.`),
  ];
  if (wrong.length === 0) return;
  throw new Failure('request_invalid', `The order must name every mapping once. ${wrong.join(' ')}`);
}

/** Returns the destination with an ID; throws a Failure when there is none. */
export function destinationOf(editor: WorkspaceEditor, wanted: string): DestinationConfig {
  return pick(editor.workspace.destinations, wanted, 'destination');
}

/** Returns a destination with its mappings. The first edit makes the automatic presets explicit. */
function listedOf(
  editor: WorkspaceEditor,
  config: DestinationConfig,
): DestinationConfig & { readonly mappings: readonly MappingConfig[] } {
  const automatic = (): readonly MappingConfig[] =>
    editor.resolved.destinations
      .find((one) => one.id === config.id)!
      .mappings.map(({ id: name }) => ({ id: name, preset: name }));
  return { ...config, mappings: config.mappings ?? automatic() };
}

/** Returns the workspace with other mappings of a destination. */
export function withMappings(
  editor: WorkspaceEditor,
  config: DestinationConfig,
  change: (mappings: readonly MappingConfig[]) => readonly MappingConfig[],
): Workspace {
  const listed = listedOf(editor, config);
  return {
    ...editor.workspace,
    destinations: swap(editor.workspace.destinations, { ...listed, mappings: change(listed.mappings) }),
  };
}
