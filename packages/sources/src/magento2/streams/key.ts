import type { RowKey, RowQuery } from '@waybill/core';

import type { JsonObject } from '../../read.ts';
import { idOf, timeOf } from '../json.ts';

/**
 * Returns the position of a row. A new cart has no time of change in Magento: its creation time is used. Throws for a row
 * without a time.
 */
export function keyOf(row: JsonObject, by: RowQuery['by'], name = 'entity_id'): RowKey {
  const id = idOf(row[name]);
  const made = timeOf(row['created_at']);
  const at = by === 'created' ? made : (timeOf(row['updated_at']) ?? made);
  if (id === undefined || at === undefined) throw new Error('The row has no id or no time.');
  return { id, at };
}
