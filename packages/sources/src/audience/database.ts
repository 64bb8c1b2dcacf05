import type { SourcePlace } from '@waybill/core';
import { AudienceError } from './engine.ts';
import type { Database } from './job.ts';

/** The values of `sslmode`, with the meaning of PostgreSQL's own clients. */
const MODES: ReadonlyMap<string, Database['tls']> = new Map([
  ['disable', 'none'],
  ['require', 'unverified'],
  ['verify-full', 'verified'],
]);

const SHAPE =
  'The URL is postgres://user:password@host:port/database, perhaps with ?sslmode=disable, require or verify-full.';

/** Parses the URL of a database, and checks that its host may be reached. No error contains the URL: it has a password. */
export async function databaseOf(url: string, reach: SourcePlace['reach']): Promise<Database> {
  const given = read(url);
  if (given === undefined) throw new AudienceError('audience_url_invalid', SHAPE);
  const reached = await reach(given.host, given.port);
  if (reached.refused === 'forbidden')
    throw new AudienceError('audience_database_forbidden', reached.message);
  if (reached.refused !== undefined)
    throw new AudienceError('audience_database_unreachable', reached.message);
  return { ...given, address: reached.address };
}

function read(text: string): Omit<Database, 'address'> | undefined {
  const url = URL.parse(text.trim());
  if (url === null || !/^postgres(ql)?:$/.test(url.protocol) || url.hostname === '' || url.hash !== '')
    return undefined;
  const { sslmode = 'disable', ...others } = Object.fromEntries(url.searchParams);
  const tls = MODES.get(sslmode);
  // Other parameters name local files, or another host.
  if (tls === undefined || Object.keys(others).length > 0) return undefined;
  try {
    const [user, password, database] = [url.username, url.password, url.pathname.slice(1)].map(
      decodeURIComponent,
    );
    if (user === undefined || password === undefined || !user || !database) return undefined;
    const host = url.hostname.toLowerCase().replace(/^\[|\]$/g, '');
    return { host, port: Number(url.port || 5432), user, password, database, tls };
  } catch {
    return undefined;
  }
}
