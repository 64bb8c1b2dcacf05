import { resolve } from 'node:path';
import type { Secret } from '@waybill/core';
import type { Server } from '@waybill/server';

const DEFAULT_URL = 'http://127.0.0.1:4400';

/** Returns what a start prints about sources: their write keys, and how to send an event and see its outcome. */
export function sourceLines({
  server,
  dataDir,
}: {
  readonly server: Server;
  readonly dataDir: string;
}): readonly string[] {
  const { workspace, resolved } = server.workspace;
  if (workspace.sources.length === 0)
    return [
      '',
      'There is no source yet: add one in the console, with a workspace file, or over the admin API.',
    ];
  const senders = workspace.sources.flatMap(({ id, writeKey }) =>
    writeKey === undefined ? [] : [{ id, writeKey }],
  );
  const lines = senders.map(
    ({ id, writeKey }, index) =>
      `  ${index === 0 ? 'write key ' : '          '}   ${keyText(writeKey)} (source ${id})`,
  );
  const enabled = new Set(resolved.sources.flatMap((one) => (one.enabled ? [one.id] : [])));
  const first = senders.find(({ id }) => enabled.has(id));
  if (first === undefined) return lines;
  const where = [
    ...(server.url === DEFAULT_URL ? [] : ['--url', server.url]),
    ...(dataDir === resolve('.waybill') ? [] : ['--data', quote(dataDir)]),
  ];
  return [
    ...lines,
    '',
    'Send it an event:',
    `  curl -u ${shellKey(first.writeKey)} ${server.url}/v1/identify -H 'content-type: application/json' \\`,
    `    -d '{"userId":"u-1","traits":{"email":"ada@example.com","firstName":"Ada"}}'`,
    'See its outcome:',
    `  ${['npx waybill events tail --outcomes', ...where].join(' ')}`,
  ];
}

/** A write key as configured; for one from the environment the variable is named. */
function keyText(writeKey: Secret): string {
  return typeof writeKey === 'string' ? writeKey : `in $${writeKey.$env}`;
}

function shellKey(writeKey: Secret): string {
  return typeof writeKey === 'string' ? quote(`${writeKey}:`) : `"$${writeKey.$env}:"`;
}

function quote(text: string): string {
  return /^[\w./:@-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
