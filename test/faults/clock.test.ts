import { afterEach, describe, expect, it } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Event, resolveWorkspace } from '@waybill/core';
import { createEngine, openStores } from '@waybill/delivery';
import { destinations } from '@waybill/destinations';
import { createSandbox, type Sandbox } from '@waybill/iterable-sandbox';
import { type Answer, demoWorkspace } from '../e2e/harness.ts';

const DAY = 24 * 60 * 60 * 1000;

/** The engine on real files, with a clock that the test can put forward and back. */
async function openRoom() {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-clock-'));
  const sandbox: Sandbox = await createSandbox({ projectType: 'hybrid', limits: false });
  let offset = 0;
  const now = (): number => Date.now() + offset;
  const { log, state, close } = await openStores(`sqlite:${folder}`, { writes: ['log', 'state'], now });
  const quiet = (): void => undefined;
  const engine = createEngine({
    log,
    state,
    now,
    random: Math.random,
    logger: { info: quiet, warn: quiet, error: quiet },
    policy: { firstDelay: 20, maxDelay: 200 },
    allowedHosts: [new URL(sandbox.url).host],
  });
  const resolved = resolveWorkspace(demoWorkspace(sandbox.url), { destinations, env: () => undefined });
  if (!resolved.ok) throw new Error(JSON.stringify(resolved.issues));
  await engine.configure(resolved.value.destinations);
  engine.start();
  let sent = 0;
  return {
    jump: (milliseconds: number): void => void (offset += milliseconds),
    state,
    engine,
    async send(count: number): Promise<void> {
      const at = new Date(now()).toISOString();
      const events = Array.from({ length: count }, (): Event => {
        sent += 1;
        return {
          type: 'track',
          event: 'Seen',
          messageId: `m${sent}`,
          userId: `u${sent % 5}`,
          timestamp: at,
          receivedAt: at,
          properties: { seq: sent },
        };
      });
      await log.append(events.map((event) => ({ sourceId: 'shop', event })));
      engine.wake();
    },
    /** Resolves when this number of items waits for a retry. */
    async waiting(count: number): Promise<void> {
      while ((await state.stats())[0]?.retrying !== count) {
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
    async again(): Promise<boolean> {
      const at = new Date(now()).toISOString();
      const event = { type: 'track', event: 'Seen', messageId: 'm1', timestamp: at, receivedAt: at } as const;
      const [answer] = await log.append([{ sourceId: 'shop', event }]);
      return answer!.accepted;
    },
    async fail(rules: readonly unknown[]): Promise<void> {
      await fetch(`${sandbox.url}/_sandbox/faults`, { method: 'POST', body: JSON.stringify(rules) });
    },
    async ids(): Promise<readonly string[]> {
      const answer = await fetch(`${sandbox.url}/_sandbox/state`);
      return ((await answer.json()) as Answer).events.map((one: Answer) => one.id);
    },
    async seqs(user: string): Promise<readonly number[]> {
      const answer = await fetch(`${sandbox.url}/_sandbox/log?user=${user}`);
      const { items } = (await answer.json()) as Answer;
      return [...new Set<number>(items.map((one: Answer) => one.orderMarker))];
    },
    async close(): Promise<void> {
      await engine.stop();
      await close();
      await sandbox.close();
      rmSync(folder, { recursive: true });
    },
  };
}

describe('a clock that jumps', () => {
  let room: Awaited<ReturnType<typeof openRoom>>;
  afterEach(() => room.close());

  it.each([
    ['a day forward', DAY],
    ['a day back, and is then set right,', -DAY],
  ])(
    '%s while items wait for a retry loses none, duplicates none and keeps the order',
    async (_name, jump) => {
      room = await openRoom();
      await room.send(20);
      await room.engine.idle();
      await room.fail([{ match: { path: '/api/*' }, kind: 'status', status: 500 }]);
      await room.send(20);
      await room.waiting(20);
      // From here on nothing fails: an attempt that failed a day later would be the last of its item.
      await room.fail([]);
      room.jump(jump);
      await room.send(20);
      // An item that was due tomorrow by the old clock must not wait a day.
      room.jump(jump < 0 ? -jump : 0);
      await room.engine.idle();
      expect((await room.ids()).length).toBe(60);
      expect(new Set(await room.ids()).size).toBe(60);
      for (const user of ['u0', 'u1', 'u2', 'u3', 'u4']) {
        const seqs = await room.seqs(user);
        expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
      }
      expect(await room.again()).toBe(false);
    },
    30_000,
  );
});
