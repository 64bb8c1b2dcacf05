import { expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../output/run.ts';

const page = (name: string): string =>
  readFileSync(join(import.meta.dirname, '../../../../docs', name), 'utf8');

it('docs/cli.md matches the commands; `npm run generate` writes it', async () => {
  expect((await run('reference')).out).toBe(page('cli.md'));
});

it('docs/settings.md matches the code; `npm run generate` writes it', async () => {
  const { out } = await run('reference', '--settings');
  expect(out).toBe(page('settings.md'));
  // A flag, a current limit, and a setting of each kind of definition.
  expect(out).toContain('| `WAYBILL_PORT` | `4400` | port of the server | `--port` |');
  expect(out).toMatch(/`WAYBILL_BACKLOG_EVENTS` \| 20,000,000 \|/);
  for (const setting of ['`apiKey`', '`storeHash`', '`reviewUrl`']) expect(out).toContain(`(${setting})`);
});
