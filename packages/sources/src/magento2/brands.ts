import type { ShopFailure } from '@waybill/core';

import { readOrGone } from './client.ts';
import { objectsOf } from '../read.ts';
import { textOf } from './json.ts';
import { isFailure, remembered, unlessForbidden } from '../remember.ts';
import type { Context } from './settings.ts';

/** Returns the names of the options of the brand attribute, by the IDs in products; none when it is free text. */
export async function brandsOf(context: Context): Promise<Readonly<Record<string, string>> | ShopFailure> {
  const code = context.settings.brandAttribute ?? 'manufacturer';
  return remembered(context, 'brands', async () => {
    const answer = unlessForbidden(
      await readOrGone(context, `products/attributes/${encodeURIComponent(code)}/options`),
      'gone' as const,
    );
    if (isFailure(answer)) return answer;
    return Object.fromEntries(
      (answer === 'gone' ? [] : objectsOf(answer.body)).flatMap((row) => {
        const [value, label] = [textOf(row['value']), textOf(row['label'])];
        return value === undefined || label === undefined ? [] : [[value, label]];
      }),
    );
  });
}
