import { resolve } from 'node:path';
import type { SourceConfig } from '@waybill/core';
import type { Server } from '@waybill/server';

const DEFAULT_URL = 'http://127.0.0.1:4400';

/** What a start prints of the sources: their write keys, and how to send an event and see what became of it. */
export function sourceLines({
  server,
  dataDir,
}: {
  readonly server: Server;
  readonly dataDir: string;
}): readonly string[] {
  const { workspace, resolved } = server.workspace;
  if (workspace.sources.length === 0)
    return ['', 'There is no source yet: add one with a workspace file, or over the admin API.'];
  const lines = workspace.sources.map(
    (source, index) =>
      `  ${index === 0 ? 'write key ' : '          '}   ${keyText(source)} (source ${source.id})`,
  );
  const open = resolved.sources.find((one) => one.enabled);
  const first = workspace.sources.find((one) => one.id === open?.id);
  if (first === undefined) return lines;
  const where = [
    ...(server.url === DEFAULT_URL ? [] : ['--url', server.url]),
    ...(dataDir === resolve('.waybill') ? [] : ['--data', quote(dataDir)]),
  ];
  return [
    ...lines,
    '',
    'Send it an event:',
    `  curl -u ${shellKey(first)} ${server.url}/v1/identify -H 'content-type: application/json' \\`,
    `    -d '{"userId":"u-1","traits":{"email":"ada@example.com","firstName":"Ada"}}'`,
    'See what became of it:',
    `  ${['npx waybill events tail --outcomes', ...where].join(' ')}`,
  ];
}

/** A write key as it is given; one of the environment is named, never shown. */
function keyText({ writeKey }: SourceConfig): string {
  return typeof writeKey === 'string' ? writeKey : `in $${writeKey.$env}`;
}

function shellKey({ writeKey }: SourceConfig): string {
  return typeof writeKey === 'string' ? quote(`${writeKey}:`) : `"$${writeKey.$env}:"`;
}

function quote(text: string): string {
  return /^[\w./:@-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
