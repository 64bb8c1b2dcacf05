import { describe, expect, it } from 'vitest';
import {
  defineAction,
  defineDestination,
  delivered,
  type InstanceState,
  type ResolvedDestination,
} from '@waybill/core';
import { type SealingBox } from '../src/index.ts';
import { LONGEST_VALUE, MOST_KEYS } from '../src/instance/kept.ts';
import { append, event, mapping, tempDir, until, world, openState, type World } from './support.ts';

const box: SealingBox = {
  seal: (text) => `sealed ${Buffer.from(text).toString('base64')}`,
  open(sealed) {
    if (!sealed.startsWith('sealed ')) throw new Error('Not sealed.');
    return Buffer.from(sealed.slice(7), 'base64').toString();
  },
};

/** A destination that counts its items in its state, and how often it was opened. */
function counting(
  opened: InstanceState[],
  settings: Record<string, unknown>,
  changes: object = {},
): ResolvedDestination {
  const send = defineAction({
    title: 'Send',
    description: 'Sends.',
    fields: { id: { label: 'Id', description: 'Id.', type: 'string' } },
    send(items, { instance }) {
      const state = instance as InstanceState;
      return Promise.resolve(
        items.map(() => {
          const count = Number(state.get('count') ?? 0) + 1;
          state.set({ count: String(count) });
          return delivered(String(count));
        }),
      );
    },
  });
  const destination = defineDestination({
    slug: 'fake',
    name: 'Fake',
    description: 'For tests.',
    settings: {
      key: { label: 'Key', description: 'Key.', type: 'password' },
      url: { label: 'URL', description: 'URL.', type: 'string', format: 'uri' },
      mode: { label: 'Mode', description: 'Mode.', type: 'string' },
    },
    actions: { send },
    open(_settings, state) {
      opened.push(state);
      return state;
    },
  });
  return {
    id: 'one',
    name: 'One',
    enabled: true,
    destination,
    sources: undefined,
    settings: settings as never,
    mappings: [mapping({ mapping: { id: { '@path': '$.messageId' } } })],
    ...changes,
  };
}

/** A destination in two worlds, one after the other, over the same state. */
function playground(): {
  readonly start: (destination: ResolvedDestination, sealed?: boolean) => ReturnType<typeof world>;
  readonly count: (w: World, id: string) => Promise<string | undefined>;
  readonly rows: () => Promise<readonly { readonly key: string; readonly value: string }[]>;
  readonly clean: () => Promise<void>;
} {
  const temp = tempDir();
  const file = temp.path('state.db');
  const worlds: World[] = [];
  return {
    async start(destination, sealed = true) {
      await worlds.at(-1)?.close();
      const w = await world([destination], { state: openState({ file }), ...(sealed ? { box } : {}) });
      worlds.push(w);
      return w;
    },
    async count(w, id) {
      await append(w.log, [event(id)]);
      w.engine.wake();
      await w.engine.idle();
      return (await w.state.kept('one')).flatMap(({ key, value }) =>
        key === 'own count' ? [(JSON.parse(box.open(value)) as string[])[1]!] : [],
      )[0];
    },
    async rows() {
      const state = openState({ file, readOnly: true });
      const rows = await state.kept('one');
      await state.close();
      return rows;
    },
    async clean() {
      await worlds.at(-1)?.close();
      temp.clean();
    },
  };
}

describe('the state of an instance', () => {
  it('survives a restart and edits, is encrypted, and ends with the credentials or the address', async () => {
    const { start, count, rows, clean } = playground();
    const opened: InstanceState[] = [];
    const settings = { key: 'first-key', url: 'https://a.example', mode: 'x' };
    let w = await start(counting(opened, settings));
    expect([await count(w, 'm1'), await count(w, 'm2'), opened.length]).toEqual(['1', '2', 1]);
    await w.engine.configure([counting(opened, settings, { name: 'Another name' })]);
    expect(await count(w, 'm3')).toBe('3');
    // A test creates a new definition object; a server has one, and would not open it again.
    await w.engine.configure([counting(opened, { ...settings, mode: 'y' })]);
    expect(await count(w, 'm4')).toBe('4');
    expect(JSON.stringify(await rows())).not.toContain('first-key');

    w = await start(counting(opened, settings));
    expect(opened.at(-1)!.get('count')).toBe('4');

    await w.engine.configure([counting(opened, { ...settings, key: 'second-key' })]);
    expect(opened.at(-1)!.get('count')).toBeUndefined();
    expect(await rows()).toEqual([]);
    opened.at(-1)!.set({ count: '7' });
    await w.engine.configure([
      counting(opened, { ...settings, key: 'second-key', url: 'https://b.example' }),
    ]);
    expect([opened.at(-1)!.get('count'), await rows()]).toEqual([undefined, []]);
    opened.at(-1)!.set({ count: '8' });
    // An instance of the previous credentials no longer writes.
    opened.at(-2)!.set({ count: 'stray' });
    await w.engine.configure([]);
    await until(async () => (await rows()).length === 0);
    await clean();
  });

  it('continues with the same instance when its settings are unchanged', async () => {
    const { start, clean } = playground();
    const opened: InstanceState[] = [];
    const one = counting(opened, { key: 'k' });
    const w = await start(one);
    await w.engine.configure([{ ...one, name: 'Renamed', settings: { key: 'k' } as never }]);
    expect(opened).toHaveLength(1);
    await clean();
  });

  it('is the input of a dry run, which does not change it', async () => {
    const { start, count, clean } = playground();
    const opened: InstanceState[] = [];
    const one = counting(opened, { key: 'k' });
    const w = await start(one);
    expect(await count(w, 'm1')).toBe('1');
    const rehearsal = await w.engine.rehearse(one);
    const logged = { seq: 0, sourceId: '', event: event('m2') };
    for (let times = 0; times < 2; times += 1) {
      const [made] = await rehearsal.prepare([logged]);
      const [item] = made!.items;
      if (item?.kind !== 'ready') throw new Error('It is ready.');
      expect(await rehearsal.requests(logged, item)).toEqual({ outcome: delivered('2'), exchanges: [] });
    }
    expect(await count(w, 'm3')).toBe('2');
    await clean();
  });

  it('is bounded', async () => {
    const { start, clean } = playground();
    const opened: InstanceState[] = [];
    await start(counting(opened, { key: 'k' }));
    const [state] = opened as [InstanceState];
    const big = 'x'.repeat(LONGEST_VALUE);
    expect([state.set({ big }), state.set({ big: `${big}x` }), state.get('big') === big]).toEqual([
      true,
      false,
      true,
    ]);
    expect(state.set({ ['k'.repeat(600)]: '1' })).toBe(false);
    const many = Object.fromEntries(Array.from({ length: MOST_KEYS }, (_, n) => [`k${n}`, '1']));
    expect([state.set(many), state.get('k0')]).toEqual([false, undefined]);
    let taken = 0;
    while (taken < 100 && state.set({ [`big ${taken}`]: big })) taken += 1;
    expect(taken).toBe(60);
    expect(state.set({ big: undefined })).toBe(true);
    await clean();
  });

  it('ends with the process where it cannot be encrypted, or was encrypted with another key', async () => {
    const { start, rows, clean } = playground();
    const opened: InstanceState[] = [];
    await start(counting(opened, { key: 'k' }), false);
    opened[0]!.set({ token: 'secret-token' });
    expect([opened[0]!.get('token'), await rows()]).toEqual(['secret-token', []]);
    const w = await start(counting(opened, { key: 'k' }));
    await w.state.keep('one', [{ key: 'own token', value: 'of another key' }]);
    await start(counting(opened, { key: 'k' }));
    expect([opened.at(-1)!.get('token'), await rows()]).toEqual([undefined, []]);
    await clean();
  });
});
