import {
  defineAction,
  defineFields,
  delivered,
  type Item,
  type Outcome,
  type Payload,
  rejected,
} from '@waybill/core';

import { isRecord, type JsonObject, setOwn } from '../../http/json.ts';
import { withExchanges } from '../../http/outcomes.ts';
import type { Answer } from '../api/answer.ts';
import { catalogChoices } from '../api/choices.ts';
import type { IterableCall } from '../api/client.ts';
import { sendSingle } from '../api/single.ts';
import { afterReading, holds, readItems } from '../catalog/check.ts';
import {
  badPlace,
  catalogBatchFields,
  catalogItemFields,
  catalogPath,
  itemPath,
  rounds,
} from '../catalog/fields.ts';
import { withIterableDates } from '../fields/dates.ts';
import { type Context, settings } from '../settings.ts';

const fields = defineFields({
  ...catalogItemFields,
  item: {
    type: 'object',
    label: 'Item Fields',
    description: 'The fields of the item, at most 30 kB of JSON. Field names must not contain periods.',
    required: true,
    default: { '@path': '$.properties' },
  },
  replace: {
    type: 'boolean',
    label: 'Replace Item',
    description: 'Whether fields that are not sent are removed from the item. Otherwise they are kept.',
    required: false,
    default: false,
  },
  verify: {
    type: 'boolean',
    label: 'Read Back',
    description:
      'Whether each item of an upload is read back, because Iterable reports no results. This takes one call per item.',
    required: false,
    default: true,
  },
  ...catalogBatchFields,
});

type CatalogItem = Payload<typeof fields>;

const MOST_BYTES = 30_000;

/** Creates or updates items of a catalog. */
export const upsertCatalogItems = defineAction({
  title: 'Upsert Catalog Items',
  description: 'Creates an item of a catalog, or updates the existing one.',
  defaultTrigger: 'type = "track" and event == "Catalog Item Updated"',
  settings,
  fields,
  dynamicFields: { catalogName: catalogChoices },
  batch: {
    maxItems: 1_000,
    maxBytes: 3_600_000,
    groupBy: ({ catalogName, replace, verify }) =>
      `${catalogName.toLowerCase()} ${replace === true} ${verify !== false}`,
  },
  send: upsertItems,
});

async function upsertItems(
  items: readonly Item<CatalogItem>[],
  context: Context,
): Promise<readonly Outcome[]> {
  const documents = items.map(({ payload }) => withIterableDates(payload.item) as JsonObject);
  const outcomes: (Outcome | undefined)[] = items.map(
    ({ payload }, index) => badPlace(payload) ?? badDocument(documents[index]!),
  );
  const open = items.flatMap((_item, index) => (outcomes[index] === undefined ? [index] : []));
  for (const round of rounds(items, open)) await sendRound(items, documents, round, outcomes, context);
  return outcomes.map((outcome) => outcome!);
}

async function sendRound(
  items: readonly Item<CatalogItem>[],
  documents: readonly JsonObject[],
  round: readonly number[],
  outcomes: (Outcome | undefined)[],
  context: Context,
): Promise<void> {
  const { outcome, answer } = await sendSingle(
    round.length === 1 ? single(items[round[0]!]!, documents[round[0]!]!) : upload(items, documents, round),
    context,
  );
  if (outcome.status !== 'delivered') {
    // Names and sizes were checked before, so a refusal may still be caused by one item.
    const split = answer.kind === 'refused' && answer.splittable && round.length > 1;
    if (!split) for (const index of round) outcomes[index] = named(outcome, answer);
    else for (const half of halves(round)) await sendRound(items, documents, half, outcomes, context);
    return;
  }
  if (items[round[0]!]!.payload.verify === false) {
    for (const index of round) outcomes[index] = withExchanges(delivered(UNVERIFIED_NOTE), [answer.exchange]);
    return;
  }
  const read = await readItems(
    round.map((index) => items[index]!.payload),
    context,
  );
  for (const [position, index] of round.entries()) {
    const stored = read[position]!;
    const told = afterReading(stored, holds(stored, documents[index]!), items[index]!.attempt);
    outcomes[index] = withExchanges(told, [answer.exchange]);
  }
}

const UNVERIFIED_NOTE =
  'Iterable accepted the upload. It reports no result for single items, and the item was not read back.';

/** A missing catalog is reported as the field to correct. */
function named(outcome: Outcome, answer: Answer): Outcome {
  const unknown = answer.kind === 'refused' && answer.reason === 'error.catalogs.notFound';
  return outcome.status === 'rejected' && unknown ? { ...outcome, field: 'catalogName' } : outcome;
}

function halves(round: readonly number[]): readonly (readonly number[])[] {
  const middle = Math.ceil(round.length / 2);
  return [round.slice(0, middle), round.slice(middle)];
}

function single({ payload }: Item<CatalogItem>, document: JsonObject): IterableCall {
  return payload.replace === true
    ? { method: 'PUT', path: itemPath(payload), json: { value: document } }
    : { method: 'PATCH', path: itemPath(payload), json: { update: document } };
}

function upload(
  items: readonly Item<CatalogItem>[],
  sent: readonly JsonObject[],
  round: readonly number[],
): IterableCall {
  const { catalogName, replace } = items[round[0]!]!.payload;
  const documents: Record<string, unknown> = {};
  for (const index of round) setOwn(documents, items[index]!.payload.itemId, sent[index]);
  return {
    method: 'POST',
    path: catalogPath(catalogName),
    json: { documents, replaceUploadedFieldsOnly: replace !== true },
  };
}

/** Returns why Iterable would refuse a call with this document. */
function badDocument(document: JsonObject): Outcome | undefined {
  const dotted = dottedName(document, 'item');
  if (dotted !== undefined) {
    return rejected('payload_invalid_format', 'Names of catalog fields must not contain periods.', dotted);
  }
  const bytes = new TextEncoder().encode(JSON.stringify(document)).length;
  if (bytes <= MOST_BYTES) return undefined;
  return rejected(
    'destination_too_large',
    `The item has ${bytes} bytes of JSON; the maximum is 30,000.`,
    'item',
  );
}

function dottedName(value: unknown, path: string): string | undefined {
  if (Array.isArray(value)) {
    for (const member of value) {
      const found = dottedName(member, path);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (!isRecord(value)) return undefined;
  for (const [key, member] of Object.entries(value)) {
    const at = `${path}.${key}`;
    const found = key.includes('.') ? at : dottedName(member, at);
    if (found !== undefined) return found;
  }
  return undefined;
}
