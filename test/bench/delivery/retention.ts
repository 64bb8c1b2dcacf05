import { openStores } from '@waybill/delivery';
import { startHelper, startServed } from './children.ts';
import { fill } from './fill.ts';
import type { Answers } from './load.ts';
import { createRig } from './measure.ts';
import { inFolder, type MeasuredStore } from './store.ts';

/** What the intake did before and while old events were dropped. */
export interface Dropped {
  readonly events: number;
  readonly seconds: number;
  readonly before: Answers;
  readonly during: Answers;
}

const DAY = 24 * 60 * 60 * 1_000;
const LOAD = { connections: 8, eventsPerRequest: 10, rate: 2_000 };

/** Drops the events of a day from a log of PostgreSQL while a server takes in others, and measures how long it takes to answer. */
export function droppedDay(store: MeasuredStore, events: number, seconds: number): Promise<Dropped> {
  return inFolder(async (folder) => {
    const { env } = await store.begin();
    const url = env['WAYBILL_STORE'];
    if (url === undefined) throw new Error('--only retention measures PostgreSQL: --store postgres');
    const began = Date.now() - 2 * DAY;
    // They came in during a day that ended a day ago.
    const at = (): number => began + ((Date.now() * 1_000) % DAY);
    await fill(url, events, at);
    const destination = await startHelper('sandbox.ts');
    const server = await startServed([folder, destination.url, 'false'], [], env);
    const rig = await createRig(server, destination);
    const { log, close } = await openStores(url, { writes: ['log'], only: ['log'] });
    try {
      await rig.run({ ...LOAD, seconds: 3 });
      const { answers: before } = await rig.run({ ...LOAD, seconds });
      const limits = {
        upTo: Number.MAX_SAFE_INTEGER,
        before: Date.now() - DAY + seconds * 1_000,
        maxBytes: Number.MAX_SAFE_INTEGER,
        keep: () => Promise.resolve([]),
      };
      let removed = 0;
      const drop = async (): Promise<number> => {
        const started = performance.now();
        for (let after: number | undefined = 0; after !== undefined;) {
          const step = await log.prune({ ...limits, after });
          removed += step.removed;
          after = step.next;
        }
        return (performance.now() - started) / 1_000;
      };
      const dropping = drop();
      // Nothing of a calm that comes after it.
      const { answers: during } = await rig.run({ ...LOAD, seconds: 0, during: dropping });
      return { events: removed, seconds: await dropping, before, during };
    } finally {
      rig.close();
      await close();
      await server.kill();
      await destination.kill();
    }
  });
}
