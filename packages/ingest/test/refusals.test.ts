import { describe, expect, it } from 'vitest';
import { createRefusals, type Refusal } from '../src/intake/refusals.ts';

function refusal(messageId: string, sourceId?: string): Refusal {
  const issue = { code: 'event_invalid', path: '', message: 'It has no name.' } as const;
  const of = sourceId === undefined ? {} : { sourceId };
  return { at: '2026-01-01T00:00:00.000Z', path: '/v1/track', messageId, issues: [issue], ...of };
}

describe('refusals', () => {
  it('are listed newest first, merged with those of unknown senders, also within a millisecond', () => {
    const refusals = createRefusals();
    for (const one of [refusal('1', 'web'), refusal('2'), refusal('3', 'web')]) refusals.add(one);
    expect(refusals.list(10).map(({ messageId }) => messageId)).toEqual(['3', '2', '1']);
    expect(refusals.list(10, 'web').map(({ messageId }) => messageId)).toEqual(['3', '1']);
    expect(refusals.list(1).map(({ messageId }) => messageId)).toEqual(['3']);
  });
});
