import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { CommandFailure, EXIT } from '../output/exit.ts';

/** The parameters of an OAuth redirect. */
export interface Returned {
  readonly code?: string;
  readonly error?: string;
  readonly errorDescription?: string;
}

/** A local page for an OAuth redirect. */
export interface Callback {
  readonly address: string;
  /** Resolves with the redirect for a state; requests with another state are refused. */
  returned(state: string): Promise<Returned>;
  /** Shows the result in the browser, and stops. */
  end(text: string): Promise<void>;
}

const PATH = '/callback';

/** Listens on loopback only. */
export async function openCallback(port: number): Promise<Callback> {
  const { promise, resolve } = Promise.withResolvers<{
    readonly returned: Returned;
    readonly response: ServerResponse;
  }>();
  let expected: string | undefined;
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const url = URL.parse(request.url ?? '', 'http://127.0.0.1');
    const given = (name: string): string | undefined => url?.searchParams.get(name) ?? undefined;
    if (request.method !== 'GET' || url?.pathname !== PATH)
      return say(response, 404, 'There is nothing here.');
    if (expected === undefined || given('state') !== expected)
      return say(response, 400, 'This was not started by the running command.');
    expected = undefined;
    const [code, error, errorDescription] = ['code', 'error', 'error_description'].map(given);
    const returned = {
      ...(code === undefined ? {} : { code }),
      ...(error === undefined ? {} : { error }),
      ...(errorDescription === undefined ? {} : { errorDescription }),
    };
    resolve({ returned, response });
  });
  await new Promise<void>((ready, fail) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      fail(
        new CommandFailure(
          `Nothing can listen on port ${port} of this machine (${error.code ?? error.message}). Choose another with --port; it must be registered with the application.`,
          EXIT.usage,
        ),
      ),
    );
    server.listen(port, '127.0.0.1', ready);
  });
  const address = server.address();
  const own = typeof address === 'object' && address !== null ? address.port : port;
  return {
    address: `http://127.0.0.1:${own}${PATH}`,
    async returned(state) {
      expected = state;
      return (await promise).returned;
    },
    async end(text) {
      const closed = new Promise((done) => server.close(done));
      void promise.then(({ response }) => say(response, 200, text));
      server.closeIdleConnections();
      if (expected !== undefined) server.closeAllConnections();
      await closed;
    },
  };
}

/** A page of plain text, because its content is untrusted. */
function say(response: ServerResponse, status: number, text: string): void {
  response
    .writeHead(status, {
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      connection: 'close',
    })
    .end(`${text}\n`);
}
