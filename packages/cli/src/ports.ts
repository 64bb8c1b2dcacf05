import { type AddressInfo, createServer } from 'node:net';

/** Returns a port if it is free, otherwise 0, which lets the system choose. */
export function portOrFree(port: number, host: string): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(0));
    probe.listen(port, host, () => probe.close(() => resolve(port)));
  });
}

/** Returns the port if it is free, otherwise a free one: for callers that need it before anything listens. */
export async function freePort(port: number, host: string): Promise<number> {
  const wanted = await portOrFree(port, host);
  if (wanted !== 0) return wanted;
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once('error', reject);
    probe.listen(0, host, resolve);
  });
  // A server listening on a host and port has an AddressInfo, not a pipe name.
  const { port: found } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return found;
}
