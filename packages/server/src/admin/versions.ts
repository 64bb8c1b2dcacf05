import type {
  DestinationConfig,
  MappingConfig,
  ProcessorConfig,
  SourceConfig,
  Workspace,
} from '@waybill/core';
import { planChanges, planText } from '@waybill/definitions/plan';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Failure } from '../failure.ts';
import type { FullVersion } from '../workspace/history.ts';
import { destinationName, mappingName, processorName, sourceName, WORKSPACE } from '../workspace/items.ts';
import { authorOf, basedOn, tag } from './edits.ts';
import type { AdminInput } from './input.ts';
import { destinationOf, withMappings } from './mappings.ts';
import { id, mapping, pick, put, query } from './read.ts';

/** A versioned item. */
interface Versioned {
  /** Its path in the API. */
  readonly at: string;
  readonly name: (request: FastifyRequest) => string;
  /** Returns the workspace with this content, replacing the current one, or added when it was removed. */
  readonly restored: (content: unknown, request: FastifyRequest) => Workspace;
}

/** Routes of versions, their differences, restoring one, and the audit log. */
export function versionRoutes(app: FastifyInstance, input: AdminInput): void {
  const { editor } = input;
  app.get('/api/audit', async (request) => editor.history.changes(pageOf(request)));
  app.get('/api/destinations/:id/changes', async (request) => {
    const { mappings } = pick(editor.resolved.destinations, id(request), 'destination');
    const last = mappings.map(async (one) => {
      const found = await editor.history.versions(mappingName(id(request), one.id), { limit: 1 });
      return found.map(({ version, by, from, at, note }) => ({
        mapping: one.id,
        version,
        ...{ by, from, at },
        ...(note === undefined ? {} : { note }),
      }));
    });
    return (await Promise.all(last)).flat();
  });
  for (const kind of kindsOf(input)) routesOf(app, input, kind);
}

function kindsOf({ editor }: AdminInput): readonly Versioned[] {
  return [
    { at: '/api/workspace', name: () => WORKSPACE, restored: (content) => content as Workspace },
    {
      at: '/api/sources/:id',
      name: (request) => sourceName(id(request)),
      restored: (content) => ({
        ...editor.workspace,
        sources: put(editor.workspace.sources, content as SourceConfig),
      }),
    },
    {
      at: '/api/processors/:id',
      name: (request) => processorName(id(request)),
      restored: (content) => ({
        ...editor.workspace,
        processors: put(editor.workspace.processors ?? [], content as ProcessorConfig),
      }),
    },
    {
      at: '/api/destinations/:id',
      name: (request) => destinationName(id(request)),
      restored: (content) => ({
        ...editor.workspace,
        destinations: put(editor.workspace.destinations, content as DestinationConfig),
      }),
    },
    {
      at: '/api/destinations/:id/mappings/:mapping',
      name: (request) => mappingName(id(request), mapping(request)),
      restored: (content, request) =>
        withMappings(editor, destinationOf(editor, id(request)), (listed) =>
          put(listed, content as MappingConfig),
        ),
    },
  ];
}

function routesOf(app: FastifyInstance, { editor }: AdminInput, { at, name, restored }: Versioned): void {
  const versionOf = async (request: FastifyRequest, wanted: number): Promise<FullVersion> => {
    const found = await editor.history.version(name(request), wanted);
    if (found !== undefined) return found;
    throw new Failure(
      'request_not_found',
      `${name(request)} has no version ${wanted}, or it is no longer stored.`,
    );
  };
  const contentOf = async (request: FastifyRequest, wanted: number): Promise<unknown> => {
    const { content } = await versionOf(request, wanted);
    if (content !== undefined) return content;
    throw new Failure('request_not_found', `Version ${wanted} of ${name(request)} has no content.`);
  };
  app.get(`${at}/versions`, async (request) => {
    const versions = await editor.history.versions(name(request), pageOf(request));
    if (versions.length > 0 || editor.versionOf(name(request)) > 0) return versions;
    throw new Failure('request_not_found', `${name(request)} has no versions.`);
  });
  app.get(`${at}/versions/:version`, async (request) => versionOf(request, numberOf(request)));
  app.get(`${at}/diff`, async (request) => {
    const { from, to = editor.versionOf(name(request)) } = query<'GET /api/workspace/diff'>(request);
    const changes = planChanges(await contentOf(request, from), await contentOf(request, to));
    return { from, to, changes, text: planText(changes) };
  });
  app.post(`${at}/versions/:version/restore`, async (request, reply) => {
    const content = await contentOf(request, numberOf(request));
    // The history, and the story of an event, show which version was restored.
    const author = { note: `Version ${numberOf(request)} again`, ...authorOf(request) };
    await editor.edit(author, async () => {
      await editor.expect(name(request), basedOn(request));
      return { workspace: restored(content, request) };
    });
    tag(reply, editor, name(request));
    return versionOf(request, editor.versionOf(name(request)));
  });
}

function pageOf(request: FastifyRequest): { readonly before?: number; readonly limit: number } {
  const { before, limit = 50 } = query<'GET /api/audit'>(request);
  return { limit, ...(before === undefined ? {} : { before }) };
}

function numberOf(request: FastifyRequest): number {
  return Number((request.params as { version: string }).version);
}
