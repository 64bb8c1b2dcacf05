import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Why a request is refused; undefined when it is allowed. */
export type Refusal = { readonly status: number; readonly message: string } | undefined;

/** The path of the files of the page. */
export const FILES = '/console/';

/** Whether a path is a file of the page, without secrets. */
export function isFile(path: string): boolean {
  return path.startsWith(`${FILES}assets/`);
}

/**
 * Decides whether a request to the page's server is allowed. A page of another site can make a browser send requests to a local port,
 * and with DNS rebinding also read the answers. So the Host header must name this machine, an Origin header must be this server's,
 * and every call except the page and its files needs the page's token.
 */
export function refusalOf(request: IncomingMessage, port: number, token: string): Refusal {
  const hosts = ['127.0.0.1', 'localhost', '[::1]'].map((name) => `${name}:${port}`);
  const host = request.headers.host ?? '';
  if (!hosts.includes(host))
    return { status: 403, message: 'This server answers only requests from this machine.' };
  const { origin } = request.headers;
  if (origin !== undefined && !hosts.some((one) => origin === `http://${one}`))
    return { status: 403, message: 'Other sites may not call this server.' };
  const { pathname, searchParams } = new URL(request.url ?? '/', `http://${host}`);
  if (pathname === '/' || isFile(pathname)) return undefined;
  // An EventSource cannot send custom headers.
  const given = request.headers['x-waybill-token'] ?? searchParams.get('token') ?? '';
  if (!same(String(given), token))
    return { status: 401, message: 'The token is missing or wrong: load the page again.' };
  return undefined;
}

function same(given: string, wanted: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(wanted)];
  return left.length === right.length && timingSafeEqual(left, right);
}
