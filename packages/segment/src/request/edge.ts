import { AsyncLocalStorage } from 'node:async_hooks';
import { loadFramework } from '../upstream/packages.ts';
import { fetchThrough, type WireRequest } from './fetch.ts';
import type { Session } from './session.ts';

const sessions = new AsyncLocalStorage<Session>();
let installed = false;

/**
 * Runs code of a definition so that its calls go through Waybill's `request`: recorded, without secrets, and never to
 * internal addresses. That holds for the client it is handed and for clients it makes for itself.
 */
export async function withSession<T>(session: Session, run: () => T | Promise<T>): Promise<T> {
  install();
  return sessions.run(session, async () => run());
}

/**
 * The client of the framework stays the framework's own: its rules for merging options and its error classes are what
 * definitions are written against. Only what lies below it, the one function that reaches the network, is exchanged;
 * outside of a session it is what it was.
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
