import type { ConsentPeriod, ConsentsSaid } from '@waybill/core';

import { exportRows } from './api/export.ts';
import type { Context } from './settings.ts';

/** The kinds of data with consent, named like their system webhooks. */
const KINDS = ['emailUnSubscribe', 'emailComplaint', 'emailSubscribe'];

/** Reads consents within a period by exports: lines without the name of the event. */
export async function consents(period: ConsentPeriod, context: Context): Promise<ConsentsSaid> {
  const events: unknown[] = [];
  for (const eventName of KINDS) {
    const exported = await exportRows({ dataTypeName: eventName, ...period }, context);
    if ('failure' in exported) return exported;
    events.push(...exported.rows.map((row) => ({ eventName, dataFields: row })));
  }
  return { events };
}
