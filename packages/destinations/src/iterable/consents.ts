import type { ConsentPeriod, ConsentsSaid } from '@waybill/core';

import { exportRows } from './api/export.ts';
import type { Context } from './settings.ts';

/** The kinds of data that tell of consent: each is named as the system webhook of it. */
const KINDS = ['emailUnSubscribe', 'emailComplaint', 'emailSubscribe'];

/** What was said within a period, by exports: a line each, without the name of the event. */
export async function consents(period: ConsentPeriod, context: Context): Promise<ConsentsSaid> {
  const events: unknown[] = [];
  for (const eventName of KINDS) {
    const exported = await exportRows({ dataTypeName: eventName, ...period }, context);
    if ('failure' in exported) return exported;
    events.push(...exported.rows.map((row) => ({ eventName, dataFields: row })));
  }
  return { events };
}
