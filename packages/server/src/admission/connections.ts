import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Node's limits for connections, in milliseconds and bytes: slow ones are closed. */
export const CONNECTION_TIMES = {
  /** For the headers of a request, and the first request of a connection. */
  headersTimeout: 10_000,
  /** For a whole request, including its body. */
  requestTimeout: 60_000,
  /** Between requests: longer than load balancers keep a connection, so that they close it first. */
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 2_000,
  maxHeaderSize: 16_384,
} as const;

/** The connections of a server. */
export interface Connections {
  readonly open: number;
  /** The number of closed ones. */
  readonly dropped: number;
}

interface Connection {
  readonly socket: Socket;
  request: IncomingMessage | undefined;
  response: ServerResponse | undefined;
}

/**
 * Keeps the connections of a server bounded. When there are too many, the longest idle, unanswered connection of the client
 * with the most is closed. A client with very many so only closes its own.
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
    // Ordered by last use.
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

/** An incomplete request counts as idle: slow requests are what fills a server. */
function isAnswering({ request, response }: Connection): boolean {
  return request?.complete === true && response?.writableEnded === false;
}
