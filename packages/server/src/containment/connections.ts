import dgram from 'node:dgram';
import net from 'node:net';
import { listDefinitions } from '@waybill/segment';
import { publishedSlug } from '../load.ts';

/** A connection that a module tried to open by itself. */
export class ConnectionRefused extends Error {
  readonly code = 'ERR_ACCESS_DENIED';
  constructor(what: string) {
    super(
      `This module may not ${what}: calls go through "request". WAYBILL_DESTINATION_CONNECTIONS names modules that may.`,
    );
    this.name = 'ConnectionRefused';
  }
}

/** Whether a module opens connections of its own by its nature, as published definitions say of themselves. */
export function connectsByNature(module: string): boolean {
  const slug = publishedSlug(module);
  if (slug === undefined) return false;
  const found = listDefinitions().find((one) => one.slug === slug || one.folder === slug);
  return found?.needs.some(({ kind }) => kind === 'connection') === true;
}

/**
 * Has every connection fail that code of this process opens, or waits for, by itself; `tell` is told of the first. What a module says to
 * the server needs none. It keeps honest code on the guarded way; it is no sandbox.
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
    // As a connection that nobody answers: clients know what to do with that.
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
  // Else the reason would stand in its cause alone.
  globalThis.fetch = () => Promise.reject(refused('open connections'));
}
