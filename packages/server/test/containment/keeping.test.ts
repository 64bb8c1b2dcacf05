import { volatileState } from '@waybill/core';
import { expect, it } from 'vitest';
import { createKeeping } from '../../src/containment/keeping.ts';
import { createMirrors, type Mirrors } from '../../src/containment/mirrors.ts';
import type { FromProcess } from '../../src/containment/protocol.ts';

/** Both sides of a process, with messages that wait until they are passed on. */
function process() {
  const underway: FromProcess[] = [];
  let mirrors: Mirrors | undefined = undefined as Mirrors | undefined;
  const failures: unknown[] = [];
  const keeping = createKeeping(
    (message) => {
      if (message.kind === 'turn') mirrors?.begin(message);
    },
    (error) => failures.push(error),
  );
  mirrors = createMirrors((message) => underway.push(message));
  const pass = async (): Promise<void> => {
    await new Promise(setImmediate);
    for (const message of underway.splice(0)) if ('kept' in message) keeping.hear(message);
  };
  return { keeping, mirrors, pass, failures };
}

it('informs the process of changes outside, and loses no change in transit', async () => {
  const { keeping, mirrors, pass } = process();
  const state = volatileState();
  state.set({ token: 'old' });
  const task = () => mirrors.of(keeping.entries({ id: 1, state }));
  const over = task();
  over.set({ rate: '5' });
  // A task that was sent before that has arrived does not have it; a person has connected the account meanwhile.
  state.set({ token: 'connected' });
  expect(task().all()).toEqual({ token: 'connected', rate: '5' });
  await pass();
  expect(state.all()).toEqual({ token: 'connected', rate: '5' });
  state.set({ rate: undefined });
  expect(task().all()).toEqual({ token: 'connected' });
});

it('makes turns exclusive, and ends the turns of a process that has ended', async () => {
  const { keeping, mirrors, pass, failures } = process();
  const state = volatileState();
  const over = mirrors.of(keeping.entries({ id: 1, state }));
  const order: string[] = [];
  const before = state.inTurn(
    async () => void order.push('another lane', String(state.set({ token: 'new' }))),
  );
  const mine = over.inTurn(async () => void order.push(`process sees ${over.get('token')}`));
  await pass();
  await before;
  await mine;
  await pass();
  await state.inTurn(async () => void order.push('another lane again'));
  expect(order).toEqual(['another lane', 'true', 'process sees new', 'another lane again']);

  void over.inTurn(() => new Promise(() => undefined));
  await pass();
  await new Promise(setImmediate);
  keeping.forget();
  expect(await state.inTurn(async () => 'goes on')).toBe('goes on');
  expect(failures).toEqual([]);
});
