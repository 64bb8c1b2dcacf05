import { isIP } from 'node:net';

/**
 * Whether a `Host` header names this server: an address, `localhost`, or the name of its public URL. Any other name may be a
 * DNS rebinding attack by a foreign page.
 */
export function isOwnHost(host: string | undefined, publicUrl: string | undefined): boolean {
  const url = URL.parse(`http://${host ?? ''}`);
  if (host === undefined || url === null || url.pathname !== '/' || url.username !== '') return false;
  const name = url.hostname;
  if (name === 'localhost' || name.endsWith('.localhost')) return true;
  if (isIP(name.replace(/^\[|\]$/g, '')) !== 0) return true;
  return publicUrl !== undefined && URL.parse(publicUrl)?.hostname === name;
}
