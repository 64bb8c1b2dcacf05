import { describe, expect, it } from 'vitest';
import { compileTrackingPlan, type Event } from '@waybill/core';
import { createIntake, createRefusals, createViolations, type IntakeInput } from '@waybill/ingest';
import { planCases } from '../../core/test/tracking-plan/support.ts';

const origin = { source: { id: 'shop' }, path: '/v1/batch' } as const;
const good = (messageId: string): object => ({ type: 'track', event: 'Viewed', userId: 'ada', messageId });

/** An intake over a log in memory that knows no id twice. */
function world(change: Partial<IntakeInput> = {}) {
  const events: Event[] = [];
  const counts: Record<string, number> = {};
  const count = (name: string, by: number): void => {
    counts[name] = (counts[name] ?? 0) + by;
  };
  const refusals = createRefusals();
  const intake = createIntake({
    log: {
      append(entries) {
        return Promise.resolve(
          entries.map(({ event }) => {
            const accepted = events.every(({ messageId }) => messageId !== event.messageId);
            if (accepted) events.push(event);
            return { accepted };
          }),
        );
      },
    },
    sourceOf: (key) => (key === 'k' ? { id: 'shop' } : undefined),
    guesses: { judge: (address) => (address === 'guesser' ? 5_000 : 0) },
    refusals,
    metrics: {
      accepted: (_source, by) => count('accepted', by),
      duplicate: (_source, by) => count('duplicate', by),
      refused: (code, by) => count(code, by),
    },
    now: () => Date.parse('2026-01-15T12:00:00Z'),
    newMessageId: () => `made-${events.length}`,
    sparing: (_key, say) => say(0),
    onStored: () => count('woken', 1),
    ...change,
  });
  return { intake, events, counts, refusals };
}

describe('ingestion', () => {
  it('accepts valid events, drops duplicates, and records the reason of each refusal', async () => {
    const { intake, events, counts, refusals } = world();
    const warned: object[] = [];
    const raws = [
      good('a'),
      { type: 'track', messageId: 'b' },
      good('a'),
      { ...good(''), messageId: undefined },
    ];
    const taken = intake.take(raws, { ...origin, list: 'batch', warn: (one) => warned.push(one) });
    await taken.stored;
    expect(events.map(({ messageId }) => messageId)).toEqual(['a', 'made-0']);
    expect(taken).toMatchObject({ accepted: 3, refused: [{ index: 1, messageId: 'b' }] });
    expect(taken.refused[0]!.issues[0]).toMatchObject({ code: 'event_invalid', path: 'batch[1].event' });
    expect(counts).toEqual({ accepted: 2, duplicate: 1, event_invalid: 1, woken: 1 });
    expect(refusals.list(10)).toMatchObject([{ sourceId: 'shop', path: '/v1/batch', messageId: 'b' }]);
    expect(warned).toMatchObject([{ sourceId: 'shop', refused: 1, unsaid: 0 }]);
  });

  it('measures events, unless all of them together are small', () => {
    const { intake, counts } = world();
    const large = { ...good('a'), properties: { text: 'x'.repeat(40_000) } };
    expect(intake.take([large], origin).refused[0]!.issues[0]!.code).toBe('event_too_large');
    expect(intake.take([large], { ...origin, small: true }).accepted).toBe(1);
    const listed = { ...good('b'), properties: { list: Array.from({ length: 20_000 }, () => 1) } };
    expect(intake.take([listed], origin).refused[0]!.issues[0]!.code).toBe('event_too_large');
    const numbers = { ...good('c'), properties: { list: [1, [2, { three: [null, true] }]] } };
    expect(intake.take([numbers], origin).accepted).toBe(1);
    expect(counts).toEqual({ event_too_large: 2 });
  });

  it('prepares events with their text, except those that are too large or too deep', () => {
    const { intake, counts } = world();
    const deep = (levels: number): object => (levels === 1 ? {} : { in: deep(levels - 1) });
    const codeOf = (properties: object): string | undefined => {
      const ready = intake.ready({ ...good('a'), properties }, origin);
      return ready.ok ? undefined : ready.issues[0]!.code;
    };
    const ready = intake.ready(good('a'), origin);
    expect(ready.ok && JSON.parse(ready.entry.text!)).toEqual(ready.ok && ready.entry.event);
    expect(codeOf({ text: '{['.repeat(100) })).toBeUndefined();
    expect(codeOf(deep(63))).toBeUndefined();
    expect(codeOf(deep(64))).toBe('event_too_deep');
    expect(codeOf({ text: 'x'.repeat(40_000) })).toBe('event_too_large');
    expect(codeOf({ text: 'é'.repeat(16_000) })).toBeUndefined();
    expect(codeOf({ text: 'é'.repeat(16_400) })).toBe('event_too_large');
    expect(counts).toEqual({});
  });

  it('marks events of a back-fill', async () => {
    const { intake, events } = world();
    await intake.take([{ ...good('a'), context: { ip: '1.2.3.4' } }], { ...origin, historical: true }).stored;
    expect(events[0]!.context).toEqual({ ip: '1.2.3.4', historical: true });
  });

  it('returns the source of a key, and counts wrong guesses', () => {
    const { intake } = world();
    expect(intake.authenticate('k', 'someone')).toEqual({ source: { id: 'shop' } });
    expect(intake.authenticate('x', 'someone')).toEqual({ waitMs: 0 });
    expect(intake.authenticate(undefined, 'guesser')).toEqual({ waitMs: 0 });
    expect(intake.authenticate('k', 'guesser')).toEqual({ waitMs: 5_000 });
  });

  it('counts events that could not be stored, and wakes no reader', async () => {
    const { intake, counts } = world({
      log: { append: (): Promise<never> => Promise.reject(new Error('disk full')) },
    });
    await expect(intake.take([good('a')], origin).stored).rejects.toThrow('disk full');
    expect(counts).toEqual({ server_storage_failed: 1 });
  });

  it('counts a temporary refusal without recording it', () => {
    const { intake, counts, refusals } = world();
    const issues = [{ code: 'server_overloaded', path: '', message: 'Later.' }] as const;
    intake.refuse([{ issues, passing: true }], { path: '/v1/track' });
    expect(counts).toEqual({ server_overloaded: 1 });
    expect(refusals.list(10)).toEqual([]);
  });
});

describe('a tracking plan', () => {
  const origins = { ...origin, list: 'batch' };
  it.each(planCases.map((one) => [one.name, one] as const))(
    'applies to each way in: %s',
    async (_name, one) => {
      const raw = { userId: 'ada', messageId: 'm', ...one.event };
      const judge = compileTrackingPlan(one.plan);
      const seen: unknown[] = [];
      const { intake, events, refusals } = world({
        judge(sourceId, event) {
          const judged = judge(event);
          seen.push([
            sourceId,
            (judged?.violations ?? []).map((v) => [v.code, v.path, v.rule, v.keyword, v.done]),
          ]);
          return judged;
        },
      });
      const taken = intake.take([raw], origins);
      await taken.stored;
      const ready = intake.ready(raw, origins);
      const blocking = one.violations
        .filter(([, , , , done]) => done === 'blocked')
        .map(([code, path]) => ({ code, path }));
      expect(seen).toEqual([
        ['shop', one.violations],
        ['shop', one.violations],
      ]);
      expect(taken.refused.flatMap(({ issues }) => issues)).toMatchObject(
        blocking.map((issue) => ({ ...issue, path: `batch[0].${issue.path}` })),
      );
      expect(refusals.list(5)).toHaveLength(blocking.length > 0 ? 1 : 0);
      expect(ready.ok ? [] : ready.issues).toMatchObject(blocking);
      if (!ready.ok) return;
      expect(JSON.parse(ready.entry.text!)).toEqual(ready.entry.event);
      expect(ready.entry.event).toEqual(events[0]);
      if (one.properties !== undefined) expect(events[0]!['properties']).toEqual(one.properties);
    },
  );

  it('stores a limited number of violations per source, the most recent first', () => {
    let at = 0;
    const violations = createViolations(() => (at += 1), undefined, 2);
    const event = { messageId: 'm' } as Event;
    const violation = (path: string) =>
      ({
        code: 'tracking_plan_invalid_value',
        path,
        message: '',
        rule: 'common',
        keyword: 'type',
        done: 'allowed',
      }) as const;
    violations.add('shop', event, [
      violation('properties.list[1].a'),
      violation('b'),
      violation('properties.list[22].a'),
    ]);
    violations.add('shop', event, [violation('c')]);
    violations.add('other', event, [violation('d')]);
    expect(violations.list('shop', 5)).toMatchObject([
      { path: 'c', count: 1, firstAt: 4 },
      { path: 'properties.list[].a', count: 2, firstAt: 1, lastAt: 3 },
    ]);
    expect(violations.list('nobody', 5)).toEqual([]);
  });
});
