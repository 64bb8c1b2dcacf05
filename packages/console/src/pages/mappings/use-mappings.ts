import type { AnswerOf, Destination } from '@waybill/api';
import type { Client, Versioned } from '@waybill/api/client';
import type { MappingConfig } from '@waybill/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useClient } from '../../session.tsx';

/** A current mapping. */
export type Mapping = Destination['mappings'][number];

type Loaded = Versioned<AnswerOf<'GET /api/destinations/:id'>>;

/** The mappings of a destination with pending changes applied, and their actions. */
export interface MappingList {
  readonly mappings: readonly Mapping[];
  /** Why the last change was refused; the list shows the current state. */
  readonly failure: unknown;
  /** Moves a mapping. Returns why that was refused; undefined on success, like `enable`. */
  move(id: string, to: number): Promise<unknown>;
  enable(ids: readonly string[], enabled: boolean): Promise<unknown>;
}

/** Pending changes. */
interface Asked {
  readonly order?: readonly string[];
  readonly enabled?: Readonly<Record<string, boolean>>;
}

/** Hook with optimistic updates: changes show at once, are sent serially, and are reverted when refused. */
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
      // Each change is based on the previous one.
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
          // Changes only this member, regardless of concurrent changes.
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

/** The IDs of mappings with one moved. */
function moved(mappings: readonly Mapping[], id: string, to: number): readonly string[] {
  const rest = mappings.map((one) => one.id).filter((one) => one !== id);
  return rest.toSpliced(to, 0, id);
}

/** Returns the mappings as written: presets with changes. A destination without any has its automatic presets. */
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

/** Further data of each mapping in the list. */
export interface MappingNews {
  readonly drafts: readonly string[];
  readonly changes: ReadonlyMap<string, AnswerOf<'GET /api/destinations/:id/changes'>[number]>;
  readonly day: ReadonlyMap<string, { readonly delivered: number; readonly rejected: number }>;
}

/** Hook for drafts, the last change, and the outcomes of a day. */
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
