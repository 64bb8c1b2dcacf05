import { describe, it } from 'vitest';
import { processorTests } from '@waybill/testing';
import { replenishment } from '@waybill/commerce';
import { anyOrderEndsAlike, historyOf } from './histories.ts';

const names = ['Order Completed', 'Order Updated', 'Order Refunded', 'Order Cancelled', 'identify'];
processorTests(replenishment, { describe, it }, { events: names, settings: { defaultDays: 30 }, runs: 10 });

describe('replenishment', () => {
  it('is the same in any order of facts, with duplicates', () => {
    anyOrderEndsAlike(replenishment, { defaultDays: 30, leadDays: 3 }, historyOf(), 80);
  });
});
