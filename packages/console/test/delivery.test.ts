import { expect, it } from 'vitest';
import { reasonsOf, stagesOf } from '../src/pages/delivery/stages.ts';

const counts = {
  ...{ accepted: 12, duplicate: 0, refused: 0, refusals: [], delays: [], reasons: [] },
  sources: [
    { sourceId: 'shop', accepted: 10 },
    { sourceId: 'blog', accepted: 2 },
  ],
  outcomes: [
    { destination: 'd', mappingId: 'm', status: 'delivered', code: '', count: 5 },
    { destination: 'd', mappingId: 'm', status: 'rejected', code: 'payload_required', count: 2 },
    { destination: 'd', mappingId: 'm', status: 'rejected', code: 'destination_rejected', count: 3 },
    { destination: 'd', mappingId: 'm', status: 'skipped', code: 'unchanged', count: 1 },
    { destination: 'd', mappingId: 'm', status: 'retry', code: 'destination_timeout', count: 7 },
    { destination: 'd', mappingId: '', status: 'skipped', code: 'no_matching_mapping', count: 4 },
    { destination: 'd', mappingId: 'gone', status: 'skipped', code: 'mapping_removed', count: 1 },
    { destination: 'other', mappingId: 'm', status: 'delivered', code: '', count: 90 },
  ],
} as const;
const NOTHING = { matched: 0, ready: 0, delivered: 0, skipped: 0, rejected: 0, retried: 0 };

it('stages count the items that a mapping has ended, from received events to the outcome', () => {
  const mappings = [{ id: 'm' }, { id: 'unused' }] as never;
  expect(stagesOf(counts, { id: 'd', sources: ['shop'], mappings })).toEqual([
    {
      mappingId: 'm',
      accepted: 10,
      matched: 11,
      ready: 9,
      delivered: 5,
      skipped: 1,
      rejected: 5,
      retried: 7,
    },
    { ...NOTHING, mappingId: 'unused', accepted: 10 },
    { ...NOTHING, mappingId: 'gone', accepted: 10, matched: 1, skipped: 1 },
  ]);
  expect(stagesOf(counts, { id: 'd', mappings })[0]).toMatchObject({ accepted: 12 });
});

it('reasons start with the rejected field, the most frequent first, and name a missing mapping', () => {
  expect(reasonsOf(counts, 'd').map(({ status, code, count }) => `${status} ${code} ${count}`)).toEqual([
    'rejected destination_rejected 3',
    'rejected payload_required 2',
    'retry destination_timeout 7',
    'skipped no_matching_mapping 4',
    'skipped unchanged 1',
    'skipped mapping_removed 1',
  ]);
});
