import { describe, expect, it } from '@jest/globals';
import { logOf, openEventLog } from '../src/index.ts';
import { clock, event } from './support.ts';

const TTL = 100;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (value: Uint8Array | undefined): string | undefined => value && new TextDecoder().decode(value);

describe('what is carried with events', () => {
  it('is written with them, or refused with them', async () => {
    const now = clock();
    const file = openEventLog({ file: ':memory:', now });
    const log = logOf(file);
    const old = (await log.owners.acquire('p', 'one', TTL))!;
    const entry = { sourceId: 's', event: event('a') };
    const timers = [{ key: 'u', due: 20, value: bytes('t') }];
    const state = [{ key: 'u', value: bytes('1') }];
    expect(await log.append([entry], { lease: old, cursor: '7', state, timers })).toEqual([
      { accepted: true },
    ]);
    now.advance(TTL);
    const lease = (await log.owners.acquire('p', 'two', TTL))!;
    const [late, mine] = await Promise.all([
      log.append([{ ...entry, event: event('b') }], {
        lease: old,
        cursor: '8',
        timers: [{ key: 'u', due: 20 }],
      }),
      log.append([{ ...entry, event: event('c') }], { lease, state: [{ key: 'v', value: bytes('2') }] }),
    ]);
    expect([late, mine]).toEqual(['stale', [{ accepted: true }]]);
    const carried = await log.carried('p', ['u', 'v']);
    expect([carried.cursor, text(carried.state.get('u')), text(carried.state.get('v'))]).toEqual([
      '7',
      '1',
      '2',
    ]);
    expect((await log.timers('p', { limit: 9 })).map(({ due, value }) => [due, text(value)])).toEqual([
      [20, 't'],
    ]);
    expect((await log.read({ after: 0, limit: 9 })).map((one) => one.event.messageId)).toEqual(['a', 'c']);
    await file.close();
  });
});
