import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';

/**
 * Returns why a request is refused. A page of another site in a browser on this machine can send requests here, and by DNS rebinding
 * read the answers: its own name is then in the Host header, and its origin in Origin.
 */
export function strangerOf(headers: IncomingHttpHeaders, listensOn: string): string | undefined {
  const { host = '', origin } = headers;
  const name = nameOf(`http://${host}`);
  if (host !== '' && name === undefined) return `"${host}" is no host.`;
  // A server on other interfaces is reached by names that are unknown here.
  if (isLocal(listensOn) && name !== undefined && !isLocal(name) && name !== listensOn.toLowerCase()) {
    return `The sandbox is not called "${name}".`;
  }
  if (origin !== undefined && URL.parse(origin)?.host !== host.toLowerCase()) {
    return `Requests from pages of "${origin}" are not answered.`;
  }
  return undefined;
}

function nameOf(url: string): string | undefined {
  return URL.parse(url)?.hostname.replace(/^\[|\]$/g, '');
}

function isLocal(name: string): boolean {
  if (name === 'localhost' || name.endsWith('.localhost') || name === '::1') return true;
  return isIP(name) === 4 && name.startsWith('127.');
}
