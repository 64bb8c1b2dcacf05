import { defineSource, type Source } from '@waybill/core';
import { diffReport, diffSources } from '@waybill/definitions';
import { describe, expect, it } from 'vitest';
import { SOURCE_CHANGES } from '../../src/diff/change.ts';

type Members = Parameters<typeof defineSource>[0];

const read = async () => ({ events: [], cursor: 0, more: false });
const stream = { title: 'Receipts', description: 'Every receipt.', every: 60, read };
const settings = {
  apiUrl: { type: 'string', label: 'Address', description: 'Where.', required: true },
} as const;
const webhook = (): { readonly events: readonly never[] } => ({ events: [] });

function tills(changed: Partial<Members> = {}): Source {
  const members = { slug: 'tills', name: 'Tills', description: 'Receipts of a till.', settings, webhook };
  return defineSource({ ...members, streams: { receipts: stream }, ...changed } as Members);
}

const shopStream = {
  ...{ title: 'Orders', description: 'Every order.', kinds: ['order'], every: 60, pageSize: 10 },
  page: async () => ({ rows: [] }),
  keyOf: () => ({ id: '1', at: '2026-01-01' }),
  states: () => [],
};

function shop(changed: object = {}, orders: object = {}): Source {
  const members = { hints: () => ({ hints: [] }), writeConsent: async () => 'written', capabilities: [] };
  const limits = { concurrency: 1 };
  return defineSource({
    ...{ slug: 'tills', name: 'Tills', description: 'Receipts of a till.', settings },
    shop: { ...members, limits, streams: { orders: { ...shopStream, ...orders } }, ...changed },
  } as unknown as Members);
}

const seen = new Set<string>();

function told(before: Source, after: Source): readonly string[] {
  const changes = diffSources([before], [after]);
  for (const { code } of changes) seen.add(code);
  return changes.map(({ level, code, path }) => `${level} ${code} ${path}`);
}

describe('two versions of sources', () => {
  it('differ by what their instances would notice', () => {
    expect(told(tills(), tills())).toEqual([]);
    const changed = tills({
      name: 'Cash Tills',
      settings: {
        ...settings,
        region: { type: 'string', label: 'Region', description: 'Where.', required: true },
      },
      streams: { receipts: { ...stream, title: 'Bills', every: 300 }, refunds: stream },
      webhook: undefined as never,
    });
    expect(told(tills(), changed)).toEqual([
      'safe source_name_changed name',
      'breaking required_setting_added settings.region',
      'risky poll_changed streams.receipts.every',
      'safe label_changed streams.receipts.title',
      'risky stream_added streams.refunds',
      'breaking webhook_removed webhook',
    ]);
    expect(told(changed, tills())).toContain('breaking stream_removed streams.refunds');
    expect(told(changed, tills())).toContain('safe webhook_added webhook');
  });

  it('of shops include the back-fill, the webhook and the write-back', () => {
    const without = shop(
      { hints: undefined, writeConsent: undefined },
      { page: undefined, every: undefined, get: async () => 'gone' },
    );
    expect(told(shop(), without)).toEqual([
      'risky poll_changed shop.streams.orders.every',
      'breaking past_removed shop.streams.orders',
      'breaking webhook_removed shop.hints',
      'risky consent_removed shop.writeConsent',
    ]);
    expect(told(without, shop())).toEqual([
      'risky poll_changed shop.streams.orders.every',
      'safe past_added shop.streams.orders',
      'safe webhook_added shop.hints',
      'risky consent_added shop.writeConsent',
    ]);
    expect(told(tills(), shop())).toEqual(['breaking source_kind_changed shop']);
  });

  it('are named as sources in the report', () => {
    const changes = [...diffSources([tills()], []), ...diffSources([], [tills()])];
    expect(changes.map(({ code, source, destination }) => [code, source, destination])).toEqual([
      ['source_removed', 'tills', undefined],
      ['source_added', 'tills', undefined],
    ]);
    for (const { code } of changes) seen.add(code);
    expect(Object.keys(SOURCE_CHANGES).filter((code) => !seen.has(code))).toEqual([]);
    expect(diffReport(changes, undefined, true)).toContain('  source_removed  source tills\n');
  });
});
