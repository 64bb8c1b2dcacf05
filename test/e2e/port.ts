import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Ports below those that a system gives to whoever asks for any: nobody else gets one before it is used. */
const FROM = 20_000;
const TO = 32_000;

/** A port of this machine that nobody listens on, for servers that start later, or again where they were. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(FROM, TO);
    const server = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!isFree) continue;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }
}
