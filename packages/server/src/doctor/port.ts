import { createServer } from 'node:net';
import { type Finding, ok, problem } from './finding.ts';

/** The result of trying to listen. */
export interface CheckedPort {
  readonly finding: Finding;
  /** Whether a Waybill answers there. */
  readonly isOurs: boolean;
}

/** Tries to listen on the address of the server, and identifies the listener if it is in use. */
export async function checkPort(
  { host, port, isTaken }: { readonly host: string; readonly port: number; readonly isTaken: boolean },
  ask: (url: string) => Promise<string | undefined>,
): Promise<CheckedPort> {
  const place = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const code = await listenFails(host, port);
  if (code === undefined) return { isOurs: false, finding: ok('port', `${place} is free`) };
  if (code !== 'EADDRINUSE') return { isOurs: false, finding: refused(place, code) };
  const answer = await ask(`http://${near(host)}:${port}/healthz`);
  const isOurs = isWaybill(answer ?? '');
  if (isOurs && isTaken) return { isOurs, finding: ok('port', `the server answers on ${place}`) };
  return {
    isOurs,
    finding: problem(
      'port',
      isOurs
        ? `Another Waybill, with another data folder, listens on ${place}.`
        : `Another program listens on ${place}.`,
      `Stop it, or choose another port with --port (or WAYBILL_PORT). To find it: ss -ltnp 'sport = :${port}'.`,
    ),
  };
}

/** Whether a body is from `/healthz`. */
function isWaybill(body: string): boolean {
  try {
    return (JSON.parse(body) as { readonly status?: unknown } | null)?.status === 'ok';
  } catch {
    return false;
  }
}

function refused(place: string, code: string): Finding {
  if (code === 'EACCES')
    return problem(
      'port',
      `This user may not listen on ${place}.`,
      'Choose a port from 1024 on, and let a proxy listen on 80 and 443.',
    );
  return problem(
    'port',
    `The server cannot listen on ${place} (${code}).`,
    'Choose an address of this machine with --host (or WAYBILL_HOST): 127.0.0.1, or 0.0.0.0 for all.',
  );
}

/** Replaces a wildcard address by loopback. */
function near(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}

function listenFails(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code ?? 'unknown'));
    probe.listen(port, host, () => probe.close(() => resolve(undefined)));
  });
}
