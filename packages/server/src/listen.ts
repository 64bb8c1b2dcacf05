import { Failure } from './failure.ts';
import type { Http } from './http.ts';
import type { Settings } from './settings.ts';

/** Starts listening; resolves with the address. */
export async function listen({ app }: Http, settings: Settings): Promise<string> {
  const { host, port } = settings;
  try {
    return await app.listen({ host, port });
  } catch (error) {
    throw cannotListen(error, settings);
  }
}

function cannotListen(error: unknown, { host, port }: Settings): unknown {
  if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') return error;
  return new Failure(
    'server_port_in_use',
    `Port ${port} on ${host} is in use: is a server already running there? Stop it, or choose another port with --port (or WAYBILL_PORT).`,
  );
}
