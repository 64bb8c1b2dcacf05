import type { Event, Issue, ResolvedSource, ShopState, SourceEvent } from '@waybill/core';
import type { LogEntry } from '@waybill/delivery';
import { writtenEvent } from '../intake/ready.ts';
import { EventRefused, prepare } from './prepare.ts';
import { readRow } from './read-task.ts';
import { thrown, statesOf } from './states.ts';

/** The preview of a row, without other known states. */
export interface RowPreview {
  readonly stream: string;
  /** The position of the row; absent when it has none. */
  readonly id?: string;
  readonly at?: string;
  readonly states: readonly ShopState[];
  readonly events: readonly Event[];
  /** Why it is unreadable, entirely or in part. */
  readonly issues: readonly Pick<Issue, 'code' | 'path' | 'message'>[];
}

/** Previews the events of rows, each as if a poll saw it for the first time. Stores nothing. */
export async function previewRows(
  source: ResolvedSource,
  name: string,
  rows: readonly unknown[],
  now: () => number,
): Promise<readonly RowPreview[]> {
  const previews: RowPreview[] = [];
  for (const row of rows) previews.push(await previewRow(source, name, row, now));
  return previews;
}

async function previewRow(
  source: ResolvedSource,
  name: string,
  row: unknown,
  now: () => number,
): Promise<RowPreview> {
  const stream = source.source!.shop!.streams[name]!;
  const made = statesOf(stream, row, source.settings);
  const states = 'issue' in made ? [] : made.states;
  const by = stream.every === undefined ? 'created' : 'changed';
  const { key, read } = readRow(name, stream, row, { by, skip: 0, limit: 1 });
  if (key === undefined) return { stream: name, states, events: [], issues: [thrown(read.unplaced)] };
  const ready = (event: SourceEvent): LogEntry => {
    const written = writtenEvent(event, { receivedAt: now(), newMessageId: () => 'preview' }, false);
    if (!written.ok) throw new EventRefused(event, written.issues[0]!);
    return { sourceId: source.id, ...written.value };
  };
  const log = { carried: async () => ({ state: new Map<string, Uint8Array>() }) };
  const how = { owner: 'preview', gone: [], historical: false, hasAsides: false };
  const { entries, asides } = await prepare([{ ...read, made }], how, { source, log, ready, now });
  const issues = asides.flatMap((one) =>
    'read' in one ? [] : [{ code: one.code, path: '', message: one.message }],
  );
  return { stream: name, id: key.id, at: key.at, states, events: entries.map(({ event }) => event), issues };
}
