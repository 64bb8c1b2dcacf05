import {
  compileValidator,
  type ShopFailure,
  type ShopState,
  SHOP_FIELDS,
  type Source,
  type SourceContext,
} from '@waybill/core';
import { createRequest, createTransport } from '@waybill/delivery';
import { shops } from '@waybill/sources';
import { createTestSource } from '@waybill/testing';

/** How calls are made: by the runtime, or by the client of another vendor. */
export type Ask = SourceContext['request'];

/** What the rows of each stream tell, those of a list and those that were read one by one. */
export type Read = Readonly<Record<string, readonly ShopState[]>>;

/** A shop that a source is set to. */
export interface Shop {
  readonly slug: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly now: number;
  /** Ids of rows that no list has, by stream. */
  readonly ids?: Readonly<Record<string, readonly string[]>>;
}

/** Calls as the runtime makes them. */
export function ownAsk(...addresses: readonly string[]): Ask {
  const allowedHosts = addresses.map((address) => new URL(address).host);
  return createRequest({ transport: createTransport({ allowedHosts }) }).request;
}

/** The source of a platform. */
export function sourceOf(slug: string): Source {
  return shops.find((one) => one.slug === slug)!;
}

/**
 * Reads every stream of a shop like the runtime, by creation and by change time, and each row by its ID: the states are the same for
 * every client.
 */
export async function readAll({ slug, settings, now, ids: named = {} }: Shop, request: Ask): Promise<Read> {
  const source = sourceOf(slug);
  const resolved = createTestSource(source, { settings }).resolved.settings;
  const context: SourceContext = { settings: resolved, request, now: () => now, memory: new Map() };
  const read: Record<string, readonly ShopState[]> = {};
  for (const [name, stream] of Object.entries(source.shop!.streams)) {
    const states: ShopState[] = [];
    const ids = new Set(named[name]);
    for (const by of ['created', 'changed'] as const)
      for (const row of await rowsOf(stream, by, context)) {
        ids.add(stream.keyOf(row, by).id);
        states.push(...stream.states(row, context));
      }
    for (const id of stream.get === undefined ? [] : ids) {
      const found = given(await stream.get!(id, context), `${name} ${id}`);
      if (found !== 'gone') states.push(...stream.states(found.row, context));
    }
    read[name] = states.map(checked);
  }
  return read;
}

async function rowsOf(
  { page, every, sweep, pageSize }: NonNullable<Source['shop']>['streams'][string],
  by: 'created' | 'changed',
  context: SourceContext,
): Promise<readonly unknown[]> {
  const isAsked = by === 'changed' ? every !== undefined : sweep !== undefined;
  if (page === undefined || !isAsked) return [];
  // Small pages: there is more than one of them.
  const limit = Math.min(3, pageSize);
  const rows: unknown[] = [];
  for (let skip = 0; skip < 300; skip += limit) {
    const found = given(await page({ by, skip, limit }, context), `a page by "${by}"`);
    rows.push(...found.rows);
    if (!(found.more ?? found.rows.length === limit)) break;
  }
  return rows;
}

function given<T>(found: T | ShopFailure, what: string): Exclude<T, ShopFailure> {
  if (typeof found === 'object' && found !== null && 'failure' in found)
    throw new Error(`${what}: ${(found as ShopFailure).failure.message}`);
  return found as Exclude<T, ShopFailure>;
}

/** The state, when the fields of its kind have nothing against it. */
function checked(state: ShopState): ShopState {
  const { kind, ...fields } = state;
  const result = compileValidator(SHOP_FIELDS[kind])(fields);
  if (!result.ok || result.changes.length > 0)
    throw new Error(`${kind} ${state.id}: ${JSON.stringify(result)}`);
  return state;
}
