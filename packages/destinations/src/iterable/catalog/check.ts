import { delivered, type Outcome, rejected, retry } from '@waybill/core';

import { isRecord, type JsonObject, sameJson } from '../../http/json.ts';
import { someAtATime } from '../../http/turns.ts';
import { callIterable } from '../api/client.ts';
import type { Context } from '../settings.ts';
import { type CatalogPlace, itemPath } from './fields.ts';

/** The number of attempts after which an item that does not appear as sent is rejected. */
const MOST_ATTEMPTS = 4;

/** An item at Iterable: its fields, or nothing. */
export type StoredItem =
  | { readonly kind: 'item'; readonly fields: JsonObject; readonly exchange: number }
  | { readonly kind: 'none'; readonly exchange: number }
  | { readonly kind: 'failed'; readonly outcome: Outcome; readonly exchange: number };

/** Reads items back, in their order: an upload has no result per item, so this determines the outcomes. */
export function readItems(places: readonly CatalogPlace[], context: Context): Promise<readonly StoredItem[]> {
  return someAtATime(places, (place) => readItem(place, context));
}

async function readItem(place: CatalogPlace, context: Context): Promise<StoredItem> {
  const answer = await callIterable({ method: 'GET', path: itemPath(place) }, context);
  const { exchange } = answer;
  if (answer.kind === 'refused') {
    const { outcome } = answer;
    if (answer.reason === 'error.catalogs.notFound') return { kind: 'failed', outcome, exchange };
    if (outcome.code === 'destination_not_found') return { kind: 'none', exchange };
    return { kind: 'failed', outcome, exchange };
  }
  // The official client finds the item wrapped in the common body, the published document does not.
  const body = isRecord(answer.body['params']) ? answer.body['params'] : answer.body;
  return { kind: 'item', fields: isRecord(body['value']) ? body['value'] : {}, exchange };
}

/** Whether an item has the sent values; dates come back in another form, so of strings only their presence counts. */
export function holds(stored: StoredItem, sent: JsonObject): boolean {
  if (stored.kind !== 'item') return false;
  return Object.entries(sent).every(([key, value]) => {
    const kept = stored.fields[key];
    if (value === null || value === undefined) return kept === null || kept === undefined;
    return sameJson(kept, value) || (typeof kept === 'string' && typeof value === 'string');
  });
}

/** Returns the outcome of an item that was read back after an upload. */
export function afterReading(stored: StoredItem, there: boolean, attempt: number): Outcome {
  const exchanges = [stored.exchange];
  if (there) return { ...delivered(), exchanges };
  if (stored.kind === 'failed' && stored.outcome.status === 'retry') {
    return { ...stored.outcome, exchanges };
  }
  const message = 'Iterable accepted the upload, but the catalog does not show it.';
  const outcome =
    attempt < MOST_ATTEMPTS
      ? retry('destination_result_unknown', message, 60_000)
      : rejected(
          'destination_rejected',
          `${message} A field may have another type than in the catalog.`,
          'itemId',
        );
  return { ...outcome, exchanges };
}
