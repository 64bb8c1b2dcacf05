import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { execFile } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Harness, openHarness } from './harness.ts';

const root = join(import.meta.dirname, '../..');

/** The first snippet of a page that sends with the client for servers. */
function snippetOf(page: string): string {
  const blocks = readFileSync(join(root, page), 'utf8').matchAll(/```js\n(.*?)```/gs);
  return [...blocks].map(([, text]) => text!).find((text) => text.includes('@segment/analytics-node'))!;
}

describe('the snippet that sends events', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await openHarness();
  });
  afterAll(() => harness.close());

  it.each(['README.md', 'docs/tracking.md'])(
    'of %s sends them before its process ends',
    async (page) => {
      const before = (await harness.admin('events?limit=1000')).body.events as unknown[];
      const snippet = snippetOf(page);
      expect(snippet).toContain('http://127.0.0.1:4400');
      // In this folder, from which the client can be imported as a reader would import it.
      const file = join(import.meta.dirname, `.snippet-${process.pid}.mjs`);
      try {
        writeFileSync(file, snippet.replaceAll('http://127.0.0.1:4400', harness.server.url));
        await promisify(execFile)(process.execPath, [file], { timeout: 60_000 });
      } finally {
        rmSync(file, { force: true });
      }
      const after = (await harness.admin('events?limit=1000')).body.events as unknown[];
      const calls = snippet.match(/analytics\.(?:identify|track)\(/g)!.length;
      expect(after.length - before.length).toBe(calls);
    },
    90_000,
  );
});
