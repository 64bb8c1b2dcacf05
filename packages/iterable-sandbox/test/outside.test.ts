import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { request } from 'node:http';
import { createSandbox, type Sandbox } from '../src/index.ts';

let sandbox: Sandbox;
let now = Date.UTC(2026, 0, 1);
beforeEach(async () => {
  now = Date.UTC(2026, 0, 1);
  sandbox = await createSandbox({ limits: false, now: () => now });
});
afterEach(() => sandbox.close());

interface Seen {
  readonly status: number;
  readonly text: string;
}

/** Sends arbitrary headers, which `fetch` would not. */
function ask(
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
  body?: object,
): Promise<Seen> {
  return new Promise((resolve, reject) => {
    const call = request(
      `${sandbox.url}${path}`,
      { method, headers: { 'api-key': 'demo', ...headers } },
      (answer) => {
        let text = '';
        answer.on('data', (part: Buffer) => (text += part.toString()));
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
      },
    );
    call.on('error', reject);
    call.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

describe('pages of other sites', () => {
  const local = (): string[] =>
    ['localhost', '127.0.0.1', '[::1]', 'app.localhost'].map((name) => `${name}:${sandbox.port}`);

  it('get no answer under a foreign host name', async () => {
    for (const host of [
      'evil.example',
      `evil.example:${sandbox.port}`,
      '10.0.0.1',
      '127.0.0.1.evil.example',
      'a b',
    ])
      for (const path of ['/', '/_sandbox/state', '/api/lists']) {
        expect([host, (await ask(path, { host })).status]).toEqual([host, 403]);
      }
    for (const host of local())
      expect([host, (await ask('/api/lists', { host })).status]).toEqual([host, 200]);
  });

  it('get no answer from another origin', async () => {
    for (const origin of ['https://evil.example', 'null', 'http://127.0.0.1:1']) {
      expect((await ask('/_sandbox/reset', { origin }, 'POST', {})).status).toBe(403);
    }
    expect((await ask('/_sandbox/reset', { origin: sandbox.url }, 'POST', {})).status).toBe(200);
  });

  it('are only restricted by origin when the sandbox listens beyond this machine', async () => {
    await sandbox.close();
    sandbox = await createSandbox({ limits: false, host: '0.0.0.0' });
    expect((await ask('/api/lists', { host: 'iterable' })).status).toBe(200);
    expect((await ask('/api/lists', { host: 'iterable', origin: 'https://evil.example' })).status).toBe(403);
  });
});

describe('the page', () => {
  it('fits a phone, shows new items automatically, and counts in English', async () => {
    const { text } = await ask('/');
    expect(text).toContain('<meta name="viewport"');
    expect(text).toMatch(/0 requests · 0 events/);
    expect(text).toContain('<meta http-equiv="refresh"');
    await ask('/api/events/track', {}, 'POST', { userId: 'u', eventName: 'Seen <b>' });
    const { text: after } = await ask('/');
    expect(after).toMatch(/1 request · 1 event ·/);
    expect(after).toContain('<td data-name="Name">Seen &#60;b&#62;</td>');
  });
});

describe('metrics and exports', () => {
  it('answers campaigns/metrics as CSV, and 400 for unknown campaigns', async () => {
    const { status, text } = await ask('/api/campaigns/metrics?campaignId=101&campaignId=102');
    expect([
      status,
      text
        .split('\n')
        .slice(0, 3)
        .map((line) => line.split(',')[0]),
    ]).toEqual([200, ['id', '101', '102']]);
    for (const query of ['', '?campaignId=9', '?campaignId=101&campaignId=x'])
      expect((await ask(`/api/campaigns/metrics${query}`)).status).toBe(400);
  });

  it('runs jobs that produce a file', async () => {
    await ask('/api/users/update', {}, 'POST', { userId: 'u,1', dataFields: { plan: 'p"o' } });
    const wanted = { dataTypeName: 'user', outputFormat: 'text/csv' };
    const { jobId } = JSON.parse((await ask('/api/export/start', {}, 'POST', wanted)).text) as {
      jobId: number;
    };
    const files = async (): Promise<{ jobState: string; files: { url: string }[] }> =>
      JSON.parse((await ask(`/api/export/${jobId}/files`)).text) as never;
    expect(await files()).toMatchObject({ jobState: 'running', files: [] });
    now += 1_000;
    const [file] = (await files()).files;
    expect(await (await fetch(file!.url)).text()).toBe('email,userId,plan\n,"u,1","p""o"\n');
    const jobs = JSON.parse((await ask('/api/export/jobs?jobState=completed')).text) as { jobs: object[] };
    expect(jobs.jobs).toMatchObject([{ id: jobId, jobState: 'completed', bytesExported: 32 }]);
    for (const path of ['/api/export/99/files', '/api/export/x/files'])
      expect((await ask(path)).status).toBe(400);
    expect((await ask('/api/export/start', {}, 'POST', { ...wanted, outputFormat: 'xml' })).status).toBe(400);
  });
});
