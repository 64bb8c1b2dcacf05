import type { AnswerOf, Destination } from '@waybill/api';
import type { Client, Versioned } from '@waybill/api/client';
import type { MappingConfig } from '@waybill/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useClient } from '../../session.tsx';

/** A mapping as it runs. */
export type Mapping = Destination['mappings'][number];

type Loaded = Versioned<AnswerOf<'GET /api/destinations/:id'>>;

/** The mappings of a destination as they will be once everything asked for is done, and what can be done with them. */
export interface MappingList {
  readonly mappings: readonly Mapping[];
  /** Why the last change was refused; the list shows what is in force. */
  readonly failure: unknown;
  /** Puts a mapping at another place. Gives why that was refused; nothing when it was done, like `enable`. */
  move(id: string, to: number): Promise<unknown>;
  enable(ids: readonly string[], enabled: boolean): Promise<unknown>;
}

/** What a person has asked for and the server has not confirmed yet. */
interface Asked {
  readonly order?: readonly string[];
  readonly enabled?: Readonly<Record<string, boolean>>;
}

/** Changes show at once, go to the server one after the other, and are taken back when it refuses them. */
export function useMappings(destination: string, mappings: readonly Mapping[]): MappingList {
  const client = useClient();
  const queries = useQueryClient();
  const [asked, setAsked] = useState<Asked>({});
  const [failure, setFailure] = useState<unknown>();
  const line = useRef({ last: Promise.resolve<unknown>(undefined), waiting: 0 });
  const params = { id: destination };

  const change = (next: Asked, send: (there: Loaded) => Promise<unknown>): Promise<unknown> => {
    setFailure(undefined);
    setAsked((before) => ({ ...before, ...next, enabled: { ...before.enabled, ...next.enabled } }));
    line.current.waiting += 1;
    line.current.last = line.current.last.then(async () => {
      let refused: unknown;
      try {
        await send(queries.getQueryData<Loaded>(['destinations', destination])!);
      } catch (error) {
        refused = error;
        setFailure(error);
      }
      // Each change is based on what the one before has made.
      await queries.invalidateQueries({ queryKey: ['destinations'] });
      line.current.waiting -= 1;
      if (line.current.waiting === 0) setAsked({});
      return refused;
    });
    return line.current.last;
  };

  const { order, enabled } = asked;
  const shown = (
    order === undefined
      ? mappings
      : mappings.toSorted((one, other) => order.indexOf(one.id) - order.indexOf(other.id))
  ).map((one) => ({ ...one, enabled: enabled?.[one.id] ?? one.enabled }));
  return {
    mappings: shown,
    failure,
    move(id, to) {
      return change({ order: moved(shown, id, to) }, ({ body, version }) =>
        client.put('/api/destinations/:id/mappings/order', {
          params,
          body: moved(body.mappings, id, to),
          ifMatch: version ?? '*',
        }),
      );
    },
    enable(ids, on) {
      const wanted = Object.fromEntries(ids.map((id) => [id, on]));
      const [only] = ids;
      return change({ enabled: wanted }, async ({ version }) => {
        if (only !== undefined && ids.length === 1) {
          // It changes this one member, whatever else was changed meanwhile.
          await client.patch('/api/destinations/:id/mappings/:mapping', {
            params: { ...params, mapping: only },
            body: { enabled: on },
            ifMatch: '*',
          });
          return;
        }
        const written = await writtenMappings(client, destination);
        const next = written.map((one) => (Object.hasOwn(wanted, one.id) ? { ...one, enabled: on } : one));
        await client.patch('/api/destinations/:id', {
          params,
          body: { mappings: next },
          ifMatch: version ?? '*',
        });
      });
    },
  };
}

/** The ids of mappings with one of them at another place. */
function moved(mappings: readonly Mapping[], id: string, to: number): readonly string[] {
  const rest = mappings.map((one) => one.id).filter((one) => one !== id);
  return rest.toSpliced(to, 0, id);
}

/** The mappings as people wrote them: presets with their changes. A destination that lists none has its automatic presets. */
export async function writtenMappings(
  client: Client,
  destination: string,
): Promise<readonly MappingConfig[]> {
  const [workspace, running] = await Promise.all([
    client.get('/api/workspace'),
    client.get('/api/destinations/:id/mappings', { params: { id: destination } }),
  ]);
  const listed = workspace.destinations.find(({ id }) => id === destination)?.mappings;
  return listed ?? running.map(({ id }) => ({ id, preset: id }));
}

/** What the list tells of each mapping beside what it is. */
export interface MappingNews {
  readonly drafts: readonly string[];
  readonly changes: ReadonlyMap<string, AnswerOf<'GET /api/destinations/:id/changes'>[number]>;
  readonly day: ReadonlyMap<string, { readonly delivered: number; readonly rejected: number }>;
}

/** Drafts, the last change, and the outcomes of items within a day. */
export function useMappingNews(destination: string): {
  readonly news: MappingNews | undefined;
  readonly error: Error | null;
} {
  const client = useClient();
  const params = { id: destination };
  const found = useQuery({
    queryKey: ['destinations', destination, 'news'],
    queryFn: async (): Promise<MappingNews> => {
      const [drafts, changes, overview] = await Promise.all([
        client.get('/api/destinations/:id/drafts', { params }),
        client.get('/api/destinations/:id/changes', { params }),
        client.get('/api/overview', { query: { step: 'hour' } }),
      ]);
      return {
        drafts,
        changes: new Map(changes.map((one) => [one.mapping, one])),
        day: dayOf(destination, overview.totals.outcomes),
      };
    },
  });
  return { news: found.data, error: found.error };
}

function dayOf(
  destination: string,
  outcomes: AnswerOf<'GET /api/overview'>['totals']['outcomes'],
): MappingNews['day'] {
  const day = new Map<string, { delivered: number; rejected: number }>();
  for (const one of outcomes) {
    if (one.destination !== destination || (one.status !== 'delivered' && one.status !== 'rejected'))
      continue;
    const counts = day.get(one.mappingId) ?? { delivered: 0, rejected: 0 };
    counts[one.status] += one.count;
    day.set(one.mappingId, counts);
  }
  return day;
}
