import dgram from 'node:dgram';
import net from 'node:net';
import { listDefinitions } from '@waybill/segment';
import { publishedSlug } from '../load.ts';

/** A connection that a module tried to open itself. */
export class ConnectionRefused extends Error {
  readonly code = 'ERR_ACCESS_DENIED';
  constructor(what: string) {
    super(
      `This module may not ${what}: calls go through "request". WAYBILL_DESTINATION_CONNECTIONS names modules that may.`,
    );
    this.name = 'ConnectionRefused';
  }
}

/** Whether a module opens its own connections by design, as declared by published definitions. */
export function connectsByNature(module: string): boolean {
  const slug = publishedSlug(module);
  if (slug === undefined) return false;
  const found = listDefinitions().find((one) => one.slug === slug || one.folder === slug);
  return found?.needs.some(({ kind }) => kind === 'connection') === true;
}

/**
 * Makes every connection fail that code of this process opens or listens for; `tell` is called for the first. The messages of a
 * module to the server need none. This keeps honest code on the guarded path; it is not a sandbox.
 */
export function refuseConnections(tell: (message: string) => void): void {
  let told = false;
  const refused = (what: string): ConnectionRefused => {
    const error = new ConnectionRefused(what);
    if (!told) tell(error.message);
    told = true;
    return error;
  };
  net.Socket.prototype.connect = function connect(this: net.Socket) {
    const error = refused('open connections');
    // Like a connection that is never answered: clients can handle that.
    process.nextTick(() => this.destroy(error));
    return this;
  } as typeof net.Socket.prototype.connect;
  net.Server.prototype.listen = function listen(this: net.Server) {
    const error = refused('listen for connections');
    process.nextTick(() => this.emit('error', error));
    return this;
  } as typeof net.Server.prototype.listen;
  for (const name of ['bind', 'connect', 'send'] as const) {
    dgram.Socket.prototype[name] = (() => {
      throw refused('open connections');
    }) as never;
  }
  // Otherwise the reason would only be in its cause.
  globalThis.fetch = () => Promise.reject(refused('open connections'));
}
