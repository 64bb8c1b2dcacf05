import { expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../output/run.ts';

it('docs/cli.md is what the commands say; `waybill reference > docs/cli.md` writes it', async () => {
  const page = readFileSync(join(import.meta.dirname, '../../../../docs/cli.md'), 'utf8');
  expect((await run('reference')).out).toBe(page);
});
