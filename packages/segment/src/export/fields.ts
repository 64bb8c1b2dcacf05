import type { Action, Field, Fields } from '@waybill/core';
import type { UpstreamField, UpstreamFields } from '../upstream/types.ts';

/** Converts the fields of an action; one that can batch gets the fields that Segment's runtime reads. */
export function exportFields({ fields, batch }: Action): UpstreamFields {
  const entries = Object.entries(fields).map(([name, field]) => [name, exportField(field)] as const);
  const exported: Record<string, UpstreamField> = Object.fromEntries(entries);
  if (batch === undefined) return exported;
  exported['enable_batching'] ??= {
    type: 'boolean',
    label: 'Send in Batches',
    description: 'Whether items share calls.',
    default: true,
  };
  exported['batch_size'] ??= {
    type: 'number',
    label: 'Batch Size',
    description: `The most items in one call; at most ${batch.maxItems}.`,
    default: batch.maxItems,
    maximum: batch.maxItems,
    unsafe_hidden: true,
  };
  return exported;
}

/** Segment's runtime fails at a field that a sync mode requires; such fields are checked before an item is sent. */
export function exportField({ required, ...field }: Field): UpstreamField {
  const asksMode =
    typeof required === 'object' && required.conditions.some(({ type }) => type === 'syncMode');
  return {
    ...field,
    ...(required === undefined || asksMode ? {} : { required }),
  } as unknown as UpstreamField;
}

/** Converts the settings: Segment has fewer types. */
export function exportSettings(settings: Fields): UpstreamFields {
  return Object.fromEntries(Object.entries(settings).map(([name, field]) => [name, exportSetting(field)]));
}

function exportSetting(field: Field): UpstreamField {
  const type =
    field.type === 'integer' ? 'number' : ['text', 'datetime'].includes(field.type) ? 'string' : field.type;
  return { ...field, type } as UpstreamField;
}
