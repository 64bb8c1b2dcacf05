import pg from 'pg';
import type { Address } from './address.ts';

/** A connection that receives signals; it reconnects as long as it is needed. */
export interface Listener {
  /** Listens until the returned function is called. */
  hear(on: (text: string) => void): () => void;
  close(): Promise<void>;
}

/** The delay before reconnecting, in milliseconds. */
const AGAIN = 1_000;

/** Creates a listener on a channel of a server. */
export function createListener({ connection }: Address, channel: string): Listener {
  const hearers = new Set<(text: string) => void>();
  let client: pg.Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const open = async (): Promise<void> => {
    if (closed || client !== undefined || hearers.size === 0) return;
    const mine = new pg.Client({
      connectionString: connection,
      application_name: 'waybill',
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
    });
    client = mine;
    const lost = (): void => {
      if (client !== mine) return;
      client = undefined;
      mine.end().catch(() => undefined);
      if (!closed) timer = setTimeout(() => void open(), AGAIN).unref();
    };
    mine.on('error', lost);
    mine.on('end', lost);
    mine.on('notification', ({ payload = '' }) => {
      for (const on of hearers) on(payload);
    });
    try {
      await mine.connect();
      await mine.query(`LISTEN "${channel}"`);
    } catch {
      lost();
    }
  };
  return {
    hear(on) {
      hearers.add(on);
      void open();
      return () => void hearers.delete(on);
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      const last = client;
      client = undefined;
      await last?.end().catch(() => undefined);
    },
  };
}
