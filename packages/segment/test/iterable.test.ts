import { describe, expect, it } from 'vitest';
import { loadDefinition, loadPublished } from '@waybill/segment';
import { item, scripted } from './stage.ts';

const settings = { apiKey: 'key', dataCenterLocation: 'united_states' };

async function sendBulk(answer: object, payloads: readonly object[]): Promise<readonly unknown[]> {
  const { request, calls } = scripted(() => ({ body: answer }));
  const action = loadDefinition('actions-iterable')!.actions['trackEvent']!;
  const mapping = { enable_batching: true, batch_size: 100 };
  const items = payloads.map((payload, index) => ({ ...item(String(index)), payload, mapping }));
  const outcomes = await action.send(items, { settings, request, now: () => 0 });
  expect(calls).toHaveLength(1);
  expect(calls[0]?.body).not.toMatch(/enable_batching|batch_size/);
  return outcomes;
}

const events = ['a', 'b', 'c'].map((name) => ({ email: `${name}@example.com`, eventName: name }));

describe("Segment's Iterable", () => {
  it('starts with triggers that match their own events', () => {
    const { actions } = loadDefinition('actions-iterable')!;
    expect(actions['trackPurchase']?.defaultTrigger).toBe('type = "track" and event = "Order Completed"');
    expect(loadPublished('actions-iterable')?.actions['trackPurchase']?.defaultSubscription).toContain('==');
  });

  it('reports the items that a bulk answer names as refused', async () => {
    const answer = {
      successCount: 1,
      failCount: 2,
      failedUpdates: { notFoundEmails: ['B@example.com'] },
      disallowedEventNames: ['c'],
    };
    expect(await sendBulk(answer, events)).toMatchObject([
      { status: 'delivered' },
      { status: 'rejected', code: 'destination_rejected' },
      { status: 'rejected', code: 'destination_event_disallowed', field: 'eventName' },
    ]);
  });

  it('reports all others as unknown when more failed than are named', async () => {
    expect(await sendBulk({ failCount: 2, invalidEmails: ['a@example.com'] }, events)).toMatchObject([
      { status: 'rejected' },
      { status: 'retry', code: 'destination_result_unknown' },
      { status: 'retry', code: 'destination_result_unknown' },
    ]);
  });
});
