import { expect, it } from 'vitest';
import { noteReach, oldLanes } from '../src/folder/reach.ts';

it('detects an older state by each partition, and by notes of the time when there was one', async () => {
  const notes = new Map<string, string>();
  const log = {
    get: async (key: string) => notes.get(key),
    set: async (key: string, value: string) => void notes.set(key, value),
  };
  const counts = { delivered: 0, skipped: 0, rejected: 0, retrying: 0, deadLetters: 0 };
  const state = (...cursors: readonly number[]) => ({
    stats: async () =>
      cursors.map((cursor, partition) => ({
        ...counts,
        destination: 'iterable',
        cursor,
        ...(partition === 0 ? {} : { partition }),
      })),
  });
  await noteReach(log, state(10, 20));
  expect(await oldLanes(log, state(10, 20), ['iterable'])).toEqual([]);
  expect(await oldLanes(log, state(9, 15), ['iterable', 'other'])).toEqual([
    { destination: 'iterable', cursor: 9, reached: 10 },
    { destination: 'iterable', partition: 1, cursor: 15, reached: 20 },
  ]);
  expect(await oldLanes(log, state(9, 15), ['other'])).toEqual([]);
  notes.set('reach', '{"iterable":10}');
  expect(await oldLanes(log, state(9), ['iterable'])).toEqual([
    { destination: 'iterable', cursor: 9, reached: 10 },
  ]);
});
