import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import {
  createTestDestination,
  createTestEvent,
  propertyTests,
  runCaseFiles,
  sampleSettings,
} from '@waybill/testing';
import { destination } from '../src/index.ts';

const settings = sampleSettings(destination.settings);
const cases = join(import.meta.dirname, '../cases');

runCaseFiles(cases, destination, { describe, it }, { settings });
propertyTests(destination, { describe, it }, { settings });

describe('{{name}}', () => {
  it('sends events that arrive together in one call', async () => {
    const under = createTestDestination(destination, {
      settings,
      answers: [{ url: '/events', json: { results: [{ status: 'ok' }, { status: 'ok' }] } }],
    });
    const { requests, items } = await under.run([
      createTestEvent('Product Viewed', { userId: 'ada' }),
      createTestEvent('Product Added', { userId: 'grace' }),
    ]);
    assert.equal(requests.filter(({ url }) => url.endsWith('/events')).length, 1);
    assert.deepEqual(
      items.map(({ outcome }) => outcome.status),
      ['delivered', 'delivered'],
    );
  });
});
