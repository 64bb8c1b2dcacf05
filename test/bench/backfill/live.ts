import { begin, type Flags, serve, type Shop, standing, startPart } from './measure.ts';

/** How long events were under way, in milliseconds. */
export interface Waits {
  readonly events: number;
  readonly p50: number;
  readonly p99: number;
}

/** The latency of live events without and with a back-fill. */
export interface Live {
  readonly without: Waits;
  readonly beside: Waits;
  /** Rows that the back-fill read meanwhile. */
  readonly perSecond: number;
}

/** Live events per second. */
const RATE = 100;

/** Measures the time from sending a live event to its arrival in Iterable, without and with a concurrent back-fill. */
export async function liveBeside(folder: string, shop: Shop, flags: Flags, seconds: number): Promise<Live> {
  const iterable = await startPart('iterable.ts', [], flags.node);
  const server = await serve(folder, shop, flags, iterable.first.url);
  const waits = async (): Promise<Waits> => {
    await send(server.first.url, seconds);
    // The last ones are still under way.
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    return wordsOf(await iterable.ask<number[]>('waits'));
  };
  try {
    // Orders of just now are polled at the start.
    await server.ask('idle');
    await send(server.first.url, 2);
    await server.ask('idle');
    await iterable.ask('waits');
    const without = await waits();
    await begin(server);
    const began = Date.now();
    const beside = await waits();
    const { read } = await standing(server);
    return { without, beside, perSecond: (Number(read) * 1_000) / (Date.now() - began) };
  } finally {
    await server.kill();
    await iterable.kill();
  }
}

/** Sends events at a steady pace. */
async function send(url: string, seconds: number): Promise<void> {
  const sent: Promise<unknown>[] = [];
  const began = Date.now();
  for (let count = 0; count < seconds * RATE; count += 1) {
    const wait = began + (count * 1_000) / RATE - Date.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    const event = {
      messageId: `${Date.now()} ${count}`,
      userId: `live-${count % 50}`,
      event: 'Live',
      type: 'track',
    };
    sent.push(
      fetch(`${url}/v1/track`, {
        method: 'POST',
        headers: { authorization: `Basic ${btoa('demo:')}`, 'content-type': 'application/json' },
        body: JSON.stringify(event),
      }).then((answer) => answer.text()),
    );
  }
  await Promise.all(sent);
}

function wordsOf(waits: readonly number[]): Waits {
  const sorted = waits.toSorted((one, other) => one - other);
  const at = (share: number): number => sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN;
  return { events: sorted.length, p50: at(0.5), p99: at(0.99) };
}
