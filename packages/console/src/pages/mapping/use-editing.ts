import type { Definition, Draft } from '@waybill/api';
import { ApiError, type Client, type Versioned } from '@waybill/api/client';
import type { HookName, MappingConfig } from '@waybill/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { forget, keep, keepText, type Kept, keptOf, sorted } from '../../editor/kept.ts';
import { useClient } from '../../session.tsx';

/** A mapping on the server. */
export interface Stored {
  readonly definition: Definition;
  /** The settings of the destination, without secrets. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** The current mapping; undefined for one that is only a draft. */
  readonly live: MappingConfig | undefined;
  readonly version: number | undefined;
  readonly draft: Draft | undefined;
  readonly draftVersion: number | undefined;
}

/** The place of a mapping. */
export interface Place {
  readonly id: string;
  readonly mapping: string;
}

/** Loads a mapping as written, not merged with its preset, because only that must be saved. */
async function load(client: Client, params: Place): Promise<Stored | undefined> {
  const [workspace, definitions, shown, draft] = await Promise.all([
    client.get('/api/workspace'),
    client.get('/api/definitions'),
    orNothing(client.call('GET /api/destinations/:id/mappings/:mapping', { params })),
    orNothing(client.call('GET /api/destinations/:id/mappings/:mapping/draft', { params })),
  ]);
  const destination = workspace.destinations.find(({ id }) => id === params.id);
  const definition = definitions.find(({ slug }) => slug === destination?.type);
  if (destination === undefined || definition === undefined) return undefined;
  // A destination without mappings has those of its automatic presets.
  const preset: MappingConfig = { id: params.mapping, preset: params.mapping };
  const listed = destination.mappings?.find(({ id }) => id === params.mapping);
  const live = listed ?? (shown === undefined ? undefined : preset);
  if (live === undefined && draft === undefined) return undefined;
  return {
    definition,
    settings: destination.settings,
    live,
    version: shown?.version,
    draft: draft?.body,
    draftVersion: draft?.version,
  };
}

async function orNothing<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  }
}

/** The debounce of saving the draft, in milliseconds. */
const REST = 700;

/** A mapping being edited. */
export interface Editing {
  readonly stored: Stored;
  readonly config: MappingConfig;
  change(config: MappingConfig): void;
  readonly state: 'same' | 'saving' | 'saved';
  /** The server's errors for publishing. */
  readonly issues: Draft['issues'];
  /** Why the draft could not be saved. */
  readonly error: unknown;
  /** Overwrites the version of another person. */
  overwrite(): void;
  /** Continues from the version of another person. */
  takeTheirs(): Promise<void>;
  /** Discards local changes and the draft; returns how to restore them. */
  discard(): Promise<() => Promise<void>>;
  publish(note: string): Promise<void>;
  restore(version: number): Promise<void>;
  /** Runs a hook again, with the inputs in the draft. */
  runHook(hook: HookName): Promise<void>;
}

/** The mapping to edit: undefined while it loads, `gone` when there is none. */
export type Loaded =
  | { readonly state: 'loading' }
  | { readonly state: 'gone' }
  | { readonly state: 'failed'; readonly error: unknown; retry(): void }
  | { readonly state: 'ready'; readonly stored: Stored; readonly at: number; reload(): Promise<void> };

/** Hook that loads a mapping. */
export function useStored(place: Place): Loaded {
  const client = useClient();
  const found = useQuery({
    queryKey: ['mapping', place.id, place.mapping],
    // A refresh must not overwrite input: it is read when the page opens, and on request.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    queryFn: async () => (await load(client, place)) ?? null,
  });
  if (found.isError) return { state: 'failed', error: found.error, retry: () => void found.refetch() };
  if (found.data === undefined) return { state: 'loading' };
  if (found.data === null) return { state: 'gone' };
  const { data: stored, dataUpdatedAt: at } = found;
  return { state: 'ready', stored, at, reload: async () => void (await found.refetch()) };
}

/** The unsaved work of an earlier visit; undefined when the server has it. */
function unsavedOf(name: string, { draft }: Stored): Kept | undefined {
  const kept = keptOf(localStorage, name);
  return sorted(kept?.config) === sorted(draft?.mapping) ? undefined : kept;
}

/** What an earlier visit has possibly sent, serialised. */
function sentBefore(unsaved: Kept | undefined): readonly string[] {
  if (unsaved === undefined) return [];
  const { config, sending } = unsaved;
  return [config, sending].flatMap((one) => (one === undefined ? [] : [sorted(one)]));
}

/** Hook that synchronises the draft of a mapping with the server. */
export function useEditing(place: Place, stored: Stored, reload: () => Promise<void>): Editing {
  const client = useClient();
  const queries = useQueryClient();
  const name = `${place.id}/${place.mapping}`;
  const [config, setConfig] = useState<MappingConfig>(
    () => unsavedOf(name, stored)?.config ?? stored.draft?.mapping ?? stored.live!,
  );
  const [state, setState] = useState<Editing['state']>(stored.draft === undefined ? 'same' : 'saved');
  const [issues, setIssues] = useState<Draft['issues']>(stored.draft?.issues ?? []);
  const [error, setError] = useState<unknown>();
  const latest = useRef(config);
  const unsaved = useRef(unsavedOf(name, stored));
  const version = useRef<number | '*' | undefined>(
    unsaved.current === undefined ? stored.draftVersion : unsaved.current.base,
  );
  /** Saves are serialised: each is based on the version of the previous one. */
  const line = useRef<Promise<void>>(Promise.resolve());
  const dirty = useRef(false);

  /** What was sent from here: a version with equal content is not a change of another person. */
  const sent = useRef(new Set(sentBefore(unsaved.current)));
  const sending = useRef<MappingConfig>(undefined);

  const put = useCallback(
    async (body: MappingConfig): Promise<Versioned<Draft>> => {
      const params = { id: place.id, mapping: place.mapping };
      const attempt = (): Promise<Versioned<Draft>> => {
        const ifMatch = version.current ?? 0;
        return client.call('PUT /api/destinations/:id/mappings/:mapping/draft', { params, body, ifMatch });
      };
      sending.current = body;
      try {
        return await attempt();
      } catch (failure) {
        if (!(failure instanceof ApiError) || (failure.status !== 409 && failure.status !== 428))
          throw failure;
        // A page that was left during a save does not know whether it arrived.
        const there = await client.call('GET /api/destinations/:id/mappings/:mapping/draft', { params });
        if (!sent.current.has(sorted(there.body.mapping))) throw failure;
        version.current = there.version;
        return await attempt();
      } finally {
        sent.current.add(sorted(body));
      }
    },
    [client, place.id, place.mapping],
  );

  const save = useCallback((): Promise<void> => {
    line.current = line.current.then(async () => {
      if (!dirty.current) return;
      dirty.current = false;
      try {
        const answer = await put(latest.current);
        version.current = answer.version;
        setIssues(answer.body.issues);
        setError(undefined);
        if (dirty.current) return;
        setState('saved');
        forget(localStorage, name);
      } catch (failure) {
        dirty.current = true;
        setError(failure);
      }
    });
    return line.current;
  }, [name, put]);

  const [edits, setEdits] = useState(0);
  useEffect(() => {
    if (edits === 0) return;
    const timer = setTimeout(() => void save(), REST);
    return () => clearTimeout(timer);
  }, [edits, save]);

  const change = (next: MappingConfig): void => {
    latest.current = next;
    dirty.current = true;
    setConfig(next);
    setState('saving');
    const base = version.current === '*' ? undefined : version.current;
    keep(localStorage, name, { config: next, base, sending: sending.current });
    setEdits((count) => count + 1);
  };
  // Unsaved work of an earlier visit is saved now.
  useEffect(() => {
    if (unsaved.current === undefined) return;
    dirty.current = true;
    setState('saving');
    setEdits((count) => count + 1);
  }, []);

  const params = { id: place.id, mapping: place.mapping };
  const over = async (): Promise<void> => {
    dirty.current = false;
    forget(localStorage, name);
    keepText(localStorage, name, undefined);
    await reload();
  };
  return {
    stored,
    config,
    change,
    state,
    issues,
    error,
    overwrite: () => {
      version.current = '*';
      void save();
    },
    takeTheirs: over,
    async discard() {
      await line.current;
      if (version.current !== undefined) {
        await client.delete('/api/destinations/:id/mappings/:mapping/draft', { params, ifMatch: '*' });
      }
      const body = latest.current;
      await over();
      return async () => {
        // A draft that another person has started meanwhile is not overwritten: the request is refused.
        const call = 'PUT /api/destinations/:id/mappings/:mapping/draft';
        const base = stored.draft?.base ?? stored.version;
        await client.call(call, { params, body, query: base === undefined ? {} : { base }, ifMatch: 0 });
        await queries.invalidateQueries({ queryKey: ['mapping', place.id, place.mapping] });
      };
    },
    async publish(note) {
      await save();
      if (dirty.current || version.current === undefined) return;
      await client.post('/api/destinations/:id/mappings/:mapping/draft/publish', {
        params,
        query: note === '' ? {} : { note },
        ifMatch: version.current,
      });
      await over();
    },
    async runHook(hook) {
      await save();
      await client.post('/api/destinations/:id/mappings/:mapping/hooks/:hook', {
        params: { ...params, hook },
        ifMatch: version.current ?? '*',
      });
      await over();
    },
    async restore(wanted) {
      await client.post('/api/destinations/:id/mappings/:mapping/versions/:version/restore', {
        params: { ...params, version: wanted },
        ifMatch: stored.version ?? '*',
      });
      await over();
    },
  };
}
