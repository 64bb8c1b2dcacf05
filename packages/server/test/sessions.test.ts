import { beforeEach, describe, expect, it } from 'vitest';
import { openStores, type WorkspaceStore } from '@waybill/delivery';
import { LONGEST_SESSION, openSessions, type Sessions } from '../src/auth/sessions.ts';
import { hashOf } from '../src/auth/tokens.ts';
import { createSecretBox } from '../src/keys.ts';

const HOUR = 3_600_000;
const BOX = createSecretBox('a key');
const TOKEN = hashOf('a token');

describe('sessions', () => {
  let store: WorkspaceStore;
  let now: number;
  let errors: unknown[];
  beforeEach(async () => {
    store = (await openStores('memory:', { writes: ['workspace'], only: ['workspace'] })).workspace;
    [now, errors] = [1_000_000_000_000, []];
  });
  const open = (box = BOX): Promise<Sessions> =>
    openSessions({ store, box, now: () => now, onError: (error) => errors.push(error) });

  it('end after long inactivity, and in any case after their lifetime, across restarts', async () => {
    const sessions = await open();
    const [idle, busy] = [await sessions.begin(TOKEN), await sessions.begin(TOKEN)];
    expect(sessions.find(idle.id)).toEqual(idle.session);
    for (let hours = 0; hours < 8 * 24; hours += 8) {
      const isOver = hours * HOUR >= LONGEST_SESSION;
      expect([hours, (await open()).find(busy.id)?.csrf]).toEqual([
        hours,
        isOver ? undefined : busy.session.csrf,
      ]);
      expect(sessions.find(busy.id)).toEqual(isOver ? undefined : busy.session);
      now += 8 * HOUR;
    }
    expect(sessions.find(idle.id)).toBeUndefined();
    expect(await store.sessions()).toEqual([]);
    expect(errors).toEqual([]);
  });

  it('are a thousand at most: the least recently used one ends', async () => {
    const sessions = await open();
    const begun: string[] = [];
    for (let at = 0; at < 1_001; at += 1) begun.push((await sessions.begin(TOKEN)).id);
    expect([sessions.find(begun[0]!), sessions.find(begun[1]!) === undefined]).toEqual([undefined, false]);
    expect(await store.sessions()).toHaveLength(1_000);
  });

  it('cannot be forged from the stored data, and are invalid under another key', async () => {
    const { id, session } = await (await open()).begin(TOKEN);
    const [{ name, content }] = (await store.sessions()) as [{ name: string; content: string }];
    for (const secret of [id, session.csrf, TOKEN.toString('base64url')])
      expect(`${name} ${content}`).not.toContain(secret);
    expect((await open()).find(name)).toBeUndefined();
    expect((await open(createSecretBox('another'))).find(id)).toBeUndefined();
    expect(await store.sessions()).toEqual([]);
  });

  it('begin on a full disk, and do not end when their end could not be stored', async () => {
    const full = new Error('the disk is full');
    store = { ...store, sessions: async () => [], keepSessions: () => Promise.reject(full) };
    const sessions = await open();
    const { id, session } = await sessions.begin(TOKEN);
    expect(errors).toEqual([full]);
    await expect(sessions.end(id)).rejects.toMatchObject({ code: 'workspace_not_stored' });
    expect(sessions.find(id)).toEqual(session);
  });
});
