import { defineAction, defineFields, type Item, type Outcome, type Payload, skipped } from '@waybill/core';

import { withExchanges } from '../../http/outcomes.ts';
import { catalogChoices } from '../api/choices.ts';
import type { IterableCall } from '../api/client.ts';
import { sendSingle } from '../api/single.ts';
import { afterReading, readItems } from '../catalog/check.ts';
import { badPlace, catalogBatchFields, catalogItemFields, catalogPath, itemPath } from '../catalog/fields.ts';
import { type Context, settings } from '../settings.ts';

const fields = defineFields({
  ...catalogItemFields,
  ...catalogBatchFields,
});

type CatalogItem = Payload<typeof fields>;

/** Removes items from a catalog. */
export const deleteCatalogItems = defineAction({
  title: 'Delete Catalog Items',
  description: 'Removes an item from a catalog.',
  defaultTrigger: 'type = "track" and event == "Catalog Item Deleted"',
  settings,
  fields,
  dynamicFields: { catalogName: catalogChoices },
  batch: {
    maxItems: 1_000,
    maxBytes: 3_600_000,
    groupBy: ({ catalogName }) => catalogName.toLowerCase(),
  },
  send: deleteItems,
});

async function deleteItems(
  items: readonly Item<CatalogItem>[],
  context: Context,
): Promise<readonly Outcome[]> {
  const outcomes: (Outcome | undefined)[] = items.map(({ payload }) => badPlace(payload));
  const open = items.flatMap((_item, index) => (outcomes[index] === undefined ? [index] : []));
  if (open.length > 0) await remove(items, open, outcomes, context);
  return outcomes.map((outcome) => outcome!);
}

async function remove(
  items: readonly Item<CatalogItem>[],
  open: readonly number[],
  outcomes: (Outcome | undefined)[],
  context: Context,
): Promise<void> {
  const { outcome, answer } = await sendSingle(removal(items, open), context);
  if (outcome.status !== 'delivered') {
    const reason = answer.kind === 'refused' ? answer.reason : '';
    const unknownCatalog = reason === 'error.catalogs.notFound';
    // An answer for an unknown path has no reason and says nothing about an item.
    const unknownItem =
      outcome.status === 'rejected' &&
      outcome.code === 'destination_not_found' &&
      !unknownCatalog &&
      reason !== '';
    for (const index of open) {
      if (unknownItem) outcomes[index] = skipped('unchanged', 'The catalog has no such item.');
      else if (outcome.status === 'rejected' && unknownCatalog) {
        outcomes[index] = { ...outcome, field: 'catalogName' };
      } else outcomes[index] = outcome;
    }
    return;
  }
  const read = await readItems(
    open.map((index) => items[index]!.payload),
    context,
  );
  for (const [position, index] of open.entries()) {
    const stored = read[position]!;
    const told = afterReading(stored, stored.kind === 'none', items[index]!.attempt);
    outcomes[index] = withExchanges(told, [answer.exchange]);
  }
}

function removal(items: readonly Item<CatalogItem>[], open: readonly number[]): IterableCall {
  const [first] = open;
  const { payload } = items[first!]!;
  if (open.length === 1) return { method: 'DELETE', path: itemPath(payload) };
  const itemIds = [...new Set(open.map((index) => items[index]!.payload.itemId))];
  return { method: 'DELETE', path: catalogPath(payload.catalogName), json: { itemIds } };
}
