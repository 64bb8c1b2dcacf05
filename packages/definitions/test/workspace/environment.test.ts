import { expect, it } from 'vitest';
import { secretsFromEnvironment } from '@waybill/definitions';

it('kept secrets become variables named after their place', () => {
  const kept = { $secret: true };
  const workspace = {
    sources: [{ id: 'shop', writeKey: kept }],
    destinations: [{ id: 'crm', type: 'acme', settings: { apiKey: kept, region: 'eu' } }],
  };
  expect(secretsFromEnvironment(workspace)).toEqual({
    sources: [{ id: 'shop', writeKey: { $env: 'WAYBILL_SHOP_WRITE_KEY' } }],
    destinations: [
      { id: 'crm', type: 'acme', settings: { apiKey: { $env: 'WAYBILL_CRM_API_KEY' }, region: 'eu' } },
    ],
  });
});
