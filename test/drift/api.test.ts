import { describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { routesPage, ROUTES } from '@waybill/api';
import { problemsOf } from '../e2e/contract.ts';
import { openHarness } from '../e2e/harness.ts';
import { EXAMPLES_FILE, takeExamples } from './examples.ts';

const root = resolve(import.meta.dirname, '../..');

describe('the contract of the admin API', () => {
  it('matches docs/api.md; `npm run generate` renews it', () => {
    expect(readFileSync(join(root, 'docs/api.md'), 'utf8')).toBe(routesPage());
  });

  it('has the routes of a server, and no others', async () => {
    const harness = await openHarness();
    try {
      const served = harness.server.routes
        .filter(({ method, url }) => url.startsWith('/api/') && url !== '/api/*' && method !== 'HEAD')
        .map(({ method, url }) => `${method} ${url}`);
      expect([...new Set(served)].sort()).toEqual(Object.keys(ROUTES).sort());
    } finally {
      await harness.close();
    }
  });

  it('has examples of a real server; `npm run examples` renews them', async () => {
    const kept = JSON.parse(readFileSync(EXAMPLES_FILE, 'utf8')) as Readonly<Record<string, unknown>>;
    expect(await takeExamples()).toEqual(kept);
    for (const [route, body] of Object.entries(kept))
      expect(problemsOf({ route, status: 200, text: JSON.stringify(body) })).toEqual([]);
  });

  it('is served as a document, with a token', async () => {
    const harness = await openHarness();
    try {
      const { status, body } = await harness.admin('openapi.json');
      expect([status, body.openapi]).toEqual([200, '3.1.0']);
      expect((await fetch(`${harness.server.url}/api/openapi.json`)).status).toBe(401);
    } finally {
      await harness.close();
    }
  });
});
