import { isOwnHost } from '../console/host.ts';

/** The page of the console for the OAuth redirect. */
const BACK = '/console/connect';

/**
 * Whether an OAuth server may redirect to a URL: a page of this server's console, or the caller's own machine (RFC 8252, 7.3).
 * `host` is the host of the request.
 */
export function mayReturnTo(address: string, host: string, publicUrl: string | undefined): boolean {
  const url = URL.parse(address);
  if (url === null || url.username !== '' || url.password !== '' || url.hash !== '') return false;
  if (url.protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname)) return true;
  if (!['http:', 'https:'].includes(url.protocol) || !url.pathname.endsWith(BACK)) return false;
  const known = publicUrl === undefined ? null : URL.parse(publicUrl);
  // The name alone is not enough: a console under https would receive codes unencrypted.
  if (known?.hostname === url.hostname) return known.origin === url.origin;
  return isOwnHost(host, publicUrl) && URL.parse(`${url.protocol}//${host}`)?.host === url.host;
}
