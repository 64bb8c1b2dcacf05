import { describe, expect, it } from 'vitest';
import type { Fields } from '../../src/define/fields.ts';
import { compilePayload } from '../../src/validation/payload.ts';
import { deepFreeze } from './freeze.ts';

const text = { label: 'Text', description: '', type: 'string' } as const;
const fields: Fields = deepFreeze({
  name: { ...text, label: 'Event name', required: true },
  total: { ...text, type: 'number' },
  enable_batching: { ...text, type: 'boolean' },
  batch_size: { ...text, type: 'number' },
});

describe('compilePayload', () => {
  it('maps, cleans, converts and checks', () => {
    const make = compilePayload({
      fields,
      mapping: { name: { '@path': '$.event' }, total: { '@path': '$.properties.total' } },
    });
    expect(make(deepFreeze({ event: 'Order Completed', properties: { total: '12.50' } }))).toMatchObject({
      ok: true,
      payload: { name: 'Order Completed', total: 12.5 },
    });
    expect(make({ event: '' })).toEqual({
      ok: false,
      issues: [
        { code: 'payload_required', path: 'name', message: 'Event name is required but has no value.' },
      ],
      raw: { name: '' },
    });
  });

  it('removes settings of the mapping from the payload, declared as fields or not', () => {
    const mapping = {
      name: 'x',
      enable_batching: true,
      batch_size: 100,
      batch_bytes: 1000,
      batch_keys: ['name'],
      __segment_internal_sync_mode: 'add',
      __segment_internal_matching_key: 'id',
      __segment_internal_other: 1,
      onMappingSave: { outputs: {} },
      retlOnMappingSave: {},
    };
    expect(compilePayload({ fields, mapping })({})).toEqual({
      ok: true,
      payload: { name: 'x' },
      changes: [],
    });
  });

  it('lets conditions read the sync mode and the settings', () => {
    const conditional: Fields = {
      a: { ...text, required: { conditions: [{ type: 'syncMode', operator: 'is', value: 'delete' }] } },
      b: {
        ...text,
        required: { conditions: [{ fieldKey: 'enable_batching', operator: 'is', value: true }] },
      },
    };
    const paths = (mapping: Record<string, unknown>): readonly string[] => {
      const result = compilePayload({ fields: conditional, mapping })({});
      return result.ok ? [] : result.issues.map(({ path }) => path);
    };
    expect(paths({})).toEqual([]);
    expect(paths({ __segment_internal_sync_mode: 'delete' })).toEqual(['a']);
    expect(paths({ __segment_internal_sync_mode: 'add', enable_batching: true })).toEqual(['b']);
  });

  it('makes the same payload alone and in a batch', () => {
    const make = compilePayload({
      fields,
      mapping: { name: { '@path': '$.event' }, total: { '@path': '$.total' } },
    });
    const events = [
      { event: 'a', total: '' },
      { event: 'b', total: '5' },
      { event: 'a', total: '' },
    ];
    const together = events.map((event) => make(event));
    expect(together.map((one) => one.ok && one.payload)).toEqual([
      { name: 'a' },
      { name: 'b', total: 5 },
      { name: 'a' },
    ]);
  });

  it('reports an issue for a mapping that fails for an event', () => {
    const make = compilePayload({ fields, mapping: { name: { '@template': { '@path': '$.missing' } } } });
    const result = make({});
    if (!result.ok && result.issues[0]?.code === 'mapping_failed') {
      expect(result.issues).toHaveLength(1);
      expect(result.raw).toBe(undefined);
    } else {
      expect(result).toMatchObject({ ok: false, issues: [{ code: 'payload_required', path: 'name' }] });
    }
  });

  it('runs in every execution', () => {
    for (const execution of ['generated', 'closures'] as const) {
      const make = compilePayload({ fields, mapping: { name: { '@template': '{{a}}!' } }, execution });
      expect(make({ a: 5 })).toMatchObject({ ok: true, payload: { name: '5!' } });
    }
  });
});
