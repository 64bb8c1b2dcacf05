import { AsyncLocalStorage } from 'node:async_hooks';
import { loadFramework } from '../upstream/packages.ts';
import { fetchThrough, type WireRequest } from './fetch.ts';
import type { Session } from './session.ts';

const sessions = new AsyncLocalStorage<Session>();
let installed = false;

/**
 * Runs code of a definition so that its calls go through Waybill's `request`: recorded, without secrets, and never to
 * internal addresses. That applies to the client it receives and to clients it creates.
 */
export async function withSession<T>(session: Session, run: () => T | Promise<T>): Promise<T> {
  install();
  return sessions.run(session, async () => run());
}

/**
 * The client of the framework is kept: definitions are written against its rules for merging options and its error classes.
 * Only the function below it that accesses the network is replaced; outside of a session it is unchanged.
 */
function install(): void {
  if (installed) return;
  const { framework, fetchModule } = loadFramework();
  const original = fetchModule.default;
  fetchModule.default = (input, init) => {
    const session = sessions.getStore();
    if (session === undefined) return original(input, init);
    return fetchThrough(input as WireRequest, session, framework.Response);
  };
  installed = true;
}
