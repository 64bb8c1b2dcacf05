import { createServer } from 'node:net';

/** A port when it is free, otherwise 0, which makes the system choose one. */
export function portOrFree(port: number, host: string): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(0));
    probe.listen(port, host, () => probe.close(() => resolve(port)));
  });
}
