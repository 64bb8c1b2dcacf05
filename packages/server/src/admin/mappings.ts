import type { DestinationConfig, MappingConfig, Workspace } from '@waybill/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { mappingName } from '../workspace/items.ts';
import type { WorkspaceEditor } from '../workspace/open.ts';
import { authorOf, basedOn, tag } from './edits.ts';
import type { AdminInput } from './input.ts';
import { id, mapping, part, pick, swap, without } from './read.ts';

/** Mappings of a destination, one by one. */
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
  app.put('/api/destinations/:id/mappings/:mapping', async (request, reply) => {
    const next = { ...part<MappingConfig>(request), id: mapping(request) };
    await editor.edit(authorOf(request), async () => {
      const { mappings } = listedOf(editor, owner(request));
      pick(mappings, mapping(request), 'mapping');
      await editor.expect(nameOf(request), basedOn(request));
      return { workspace: withMappings(editor, owner(request), (listed) => swap(listed, next)) };
    });
    tag(reply, editor, nameOf(request));
    return resolved(request, mapping(request));
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

/** The destination of an id; throws a Failure when there is none. */
export function destinationOf(editor: WorkspaceEditor, wanted: string): DestinationConfig {
  return pick(editor.workspace.destinations, wanted, 'destination');
}

/** A destination with its mappings. Writing one makes the automatic presets explicit: they are the list that is edited from then on. */
export function listedOf(
  editor: WorkspaceEditor,
  config: DestinationConfig,
): DestinationConfig & { readonly mappings: readonly MappingConfig[] } {
  const automatic = (): readonly MappingConfig[] =>
    editor.resolved.destinations
      .find((one) => one.id === config.id)!
      .mappings.map(({ id: name }) => ({ id: name, preset: name }));
  return { ...config, mappings: config.mappings ?? automatic() };
}

/** The workspace with other mappings of a destination. */
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
