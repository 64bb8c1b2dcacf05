import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Node's limits for connections: slow ones are closed. Milliseconds and bytes. */
export const CONNECTION_TIMES = {
  /** For the headers of a request, and for the first request of a connection. */
  headersTimeout: 10_000,
  /** For a whole request, its body included. */
  requestTimeout: 60_000,
  /** Between requests: longer than load balancers keep a connection, so that they are the ones to close it. */
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 2_000,
  maxHeaderSize: 16_384,
} as const;

/** The connections of a server. */
export interface Connections {
  readonly open: number;
  /** How many had to give way. */
  readonly dropped: number;
}

interface Connection {
  readonly socket: Socket;
  request: IncomingMessage | undefined;
  response: ServerResponse | undefined;
}

/**
 * Keeps the connections of a server bounded. When there are too many, one of the address that has the most gives way: of
 * those that are not being answered, the one that has done nothing for longest. Whoever opens very many so only closes
 * their own.
 */
export function boundConnections(server: Server, most: number): Connections {
  const byAddress = new Map<string, Map<Socket, Connection>>();
  let open = 0;
  let dropped = 0;

  const giveWay = (newest: Socket): void => {
    let heaviest: ReadonlyMap<Socket, Connection> = new Map();
    for (const one of byAddress.values()) if (one.size > heaviest.size) heaviest = one;
    dropped += 1;
    for (const connection of heaviest.values()) {
      if (isAnswering(connection)) continue;
      connection.socket.destroy();
      return;
    }
    newest.destroy();
  };
  server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? '';
    const own = byAddress.get(address) ?? new Map<Socket, Connection>();
    own.set(socket, { socket, request: undefined, response: undefined });
    byAddress.set(address, own);
    open += 1;
    socket.once('close', () => {
      open -= 1;
      own.delete(socket);
      if (own.size === 0 && byAddress.get(address) === own) byAddress.delete(address);
    });
    if (most > 0 && open > most) giveWay(socket);
  });
  server.on('request', (request, response) => {
    const { socket } = request;
    const own = byAddress.get(socket.remoteAddress ?? '');
    const connection = own?.get(socket);
    if (own === undefined || connection === undefined) return;
    connection.request = request;
    connection.response = response;
    // The one used last comes last.
    own.delete(socket);
    own.set(socket, connection);
  });
  return {
    get open() {
      return open;
    },
    get dropped() {
      return dropped;
    },
  };
}

/** A request that is still coming in counts as doing nothing: slow ones are what fills a server. */
function isAnswering({ request, response }: Connection): boolean {
  return request?.complete === true && response?.writableEnded === false;
}
