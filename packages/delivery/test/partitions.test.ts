import { expect, it } from 'vitest';
import { delivered } from '@waybill/core';
import { createInstallation, dealtWith, standingsOf } from '../src/index.ts';
import { append, destination, event, mapping, until, world } from './support.ts';

const PARTITIONS = 3;
const range = (count: number): readonly number[] => Array.from({ length: count }, (_, n) => n);

it('counts the waiting items of each partition separately, and reports the position of a destination in all of them', async () => {
  const stores = createInstallation({ partitions: PARTITIONS }).open({ writes: ['log', 'state'] });
  const log = { ...stores.log, close: stores.close };
  const state = { ...stores.state, close: () => Promise.resolve() };
  const seen: string[] = [];
  const gate = Promise.withResolvers<void>();
  const target = destination(
    async (items) => {
      if (seen.length >= 6) await gate.promise;
      seen.push(...items.map(({ payload }) => payload.id));
      return items.map(() => delivered());
    },
    { maxItems: 1, mappings: [mapping({ trigger: 'type = "track"' })] },
  );
  const limits = { patience: 60_000, events: 4 };
  const w = await world([target], { log, state, partitions: PARTITIONS, limits });
  await append(
    log,
    range(90).map((n) => event(`e${n}`, `u${n % 9}`)),
  );
  w.engine.wake();
  await until(() => seen.length >= 6);
  w.engine.expire('fake', 60);
  gate.resolve();
  w.engine.wake();
  await w.engine.idle();

  const outcomes = await state.outcomes(range(90).map((n) => n + 1));
  expect(outcomes.map(({ seq }) => seq).sort((a, b) => a - b)).toEqual(range(90).map((n) => n + 1));
  const sent = outcomes.filter(({ status }) => status === 'delivered');
  expect(sent.length).toBe(seen.length);
  expect(seen.length).toBeLessThan(90);
  const given = outcomes.filter(({ status }) => status === 'rejected').map(({ seq }) => seq);
  expect(Math.max(...given)).toBeLessThanOrEqual(60);
  const whole = {
    destination: 'fake',
    cursor: 90,
    lag: 0,
    delivered: sent.length,
    rejected: 90 - sent.length,
  };
  expect(await standingsOf({ log, state })).toMatchObject({ last: 90, destinations: [whole] });

  // Of one user, and so of one partition: events that other partitions have processed do not precede it.
  await w.engine.stop();
  await append(log, [event('late', 'u1'), event('later', 'u1')]);
  expect(await standingsOf({ log, state })).toMatchObject({
    last: 92,
    destinations: [{ cursor: 90, lag: 2 }],
  });
  const cursors = range(PARTITIONS).map((partition) => ({ partition, cursor: Number.POSITIVE_INFINITY }));
  expect(await dealtWith(log, cursors, 92)).toBe(92);
  await w.close();
});
