import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Server, startServer } from '@waybill/server';
import { run } from '../output/run.ts';

/** A server with a destination that rejects configured items. */
let folder: string;
let server: Server;
const at = (): string[] => ['--url', server.url, '--data', folder];

async function track(messageId: string, mode: string): Promise<void> {
  const answer = await fetch(`${server.url}/v1/track`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa('key:')}`, 'content-type': 'application/json' },
    body: JSON.stringify({ messageId, userId: messageId, event: 'Done', properties: { dummy_mode: mode } }),
  });
  expect(answer.status).toBe(200);
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'waybill-remote-'));
  const workspace = {
    sources: [{ id: 'shop', writeKey: 'key', plan: { rules: [] } }],
    destinations: [{ id: 'sink', type: 'dummy', settings: {} }],
  };
  server = await startServer({ dataDir: folder, port: 0, logLevel: 'silent' }, JSON.stringify(workspace));
  await track('good', 'ok');
  await track('bad-1', 'reject');
  await track('bad-2', 'reject');
  await server.idle();
}, 60_000);

afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

describe('the address of the server', () => {
  it.each([{ WAYBILL_PORT: true }, { WAYBILL_PORT: true, WAYBILL_HOST: '0.0.0.0' }, { WAYBILL_URL: true }])(
    'comes from the environment: %j',
    async (given) => {
      const { port } = new URL(server.url);
      const env = {
        ...('WAYBILL_PORT' in given ? { WAYBILL_PORT: port } : { WAYBILL_URL: server.url }),
        ...('WAYBILL_HOST' in given ? { WAYBILL_HOST: given.WAYBILL_HOST } : {}),
      };
      Object.assign(process.env, env);
      try {
        for (const command of [['events', 'tail'], ['deadletters', 'list'], ['export'], ['resume']])
          expect(await run(...command, '--data', folder)).toMatchObject({ code: 0 });
      } finally {
        for (const name of Object.keys(env)) delete process.env[name];
      }
    },
  );
});

describe('tracking plans', () => {
  it('are shown with their violations, and drafted from seen events', async () => {
    const { code, out } = await run('tracking-plan', 'violations', 'shop', ...at());
    expect(code).toBe(0);
    expect(out).toMatch(/3 +track "Done" +unplanned +allowed +The plan has no event "Done"\./);
    const inferred = await run('tracking-plan', 'infer', 'shop', ...at());
    expect(JSON.parse(inferred.out)).toMatchObject({ rules: [{ type: 'track', event: 'Done' }] });
    expect(await run('tracking-plan', 'violations', 'nobody', ...at())).toMatchObject({ code: 1 });
  });

  it('are read from an export of Segment', async () => {
    const file = join(folder, 'export.json');
    const rule = { key: 'Done', type: 'TRACK', version: 1, jsonSchema: { type: 'object', pattern: '(a+)+' } };
    writeFileSync(file, JSON.stringify({ data: { rules: [rule] } }));
    const { code, out, err } = await run('tracking-plan', 'import', file);
    expect([code, JSON.parse(out)]).toEqual([
      0,
      { rules: [{ type: 'track', event: 'Done', schema: { type: 'object' } }] },
    ]);
    expect(err).toContain('left out: track "Done", pattern: ');
    writeFileSync(file, '{}');
    expect(await run('tracking-plan', 'import', file)).toMatchObject({ code: 1 });
    expect(await run('tracking-plan', 'import', join(folder, 'none.json'))).toMatchObject({ code: 2 });
  });
});

describe('events', () => {
  it('tail shows the latest, with their outcomes', async () => {
    const { code, out } = await run('events', 'tail', '--outcomes', ...at());
    expect(code).toBe(0);
    expect(out).toMatch(/shop +track +Done +good +good\n +sink \/ everything: delivered/);
    expect(out).toContain('sink / everything: rejected');
    const lines = (await run('events', 'tail', '-n', '2', '--json', ...at())).out.trim().split('\n');
    expect(
      lines.map((line) => (JSON.parse(line) as { event: { messageId: string } }).event.messageId),
    ).toEqual(['bad-1', 'bad-2']);
    expect((await run('events', 'tail', '--name', 'Other', ...at())).out).toBe('');
  });

  it('show prints the history of one', async () => {
    expect((await run('events', 'show', 'bad-1', ...at())).out).toMatch(
      /rejected\n +destination_rejected at name: .*\n.*\n +dead letter 1/,
    );
    expect(await run('events', 'show', 'nobody', ...at())).toMatchObject({
      code: 1,
      err: expect.stringContaining('request_not_found'),
    });
  });
});

describe('destinations', () => {
  it('list, and test the settings with a real call', async () => {
    expect((await run('destinations', 'list', ...at())).out).toMatch(/sink +dummy +on +1/);
    expect(await run('destinations', 'test', 'sink', ...at())).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^sink works/),
    });
    expect(await run('destinations', 'test', 'nothing', ...at())).toMatchObject({
      code: 1,
      err: expect.stringContaining('request_not_found'),
    });
  });
});

describe('deadletters and replay', () => {
  it('list and show the failed items', async () => {
    const { out } = await run('deadletters', 'list', ...at());
    expect(out).toMatch(/1 +\S+ +sink +everything +bad-1 +destination_rejected/);
    expect(out).toContain('2 in all.');
    expect(
      (await run('deadletters', 'list', '--message', 'bad-2', '--json', ...at())).json<unknown[]>(),
    ).toHaveLength(1);
    expect((await run('deadletters', 'list', '--code', 'other', ...at())).out).toContain(
      'no such dead letters',
    );
    expect((await run('deadletters', 'show', '1', ...at())).out).toContain('waybill replay 1');
  });

  it('delete needs a filter, counts the items, and asks for confirmation', async () => {
    expect(await run('dead-letters', 'delete', ...at())).toMatchObject({ code: 2 });
    expect(await run('dead-letters', 'delete', '1', '--all', ...at())).toMatchObject({ code: 2 });
    expect((await run('dead-letters', 'delete', '--all', '--dry-run', ...at())).out).toContain(
      '2 would be deleted. Nothing was done.',
    );
    expect(await run('dead-letters', 'delete', '--all', ...at())).toMatchObject({
      code: 2,
      err: expect.stringContaining('--yes'),
    });
    await track('bad-3', 'reject');
    await server.idle();
    expect(
      (await run('dead-letters', 'delete', '--message', 'bad-3', '--yes', '--json', ...at())).json(),
    ).toEqual({ deleted: 1 });
    expect((await run('dead-letters', 'list', ...at())).out).not.toContain('bad-3');
  });

  it('replay needs a filter, shows the items first, and asks for confirmation', async () => {
    expect(await run('replay', ...at())).toMatchObject({ code: 2 });
    expect(await run('replay', 'one', ...at())).toMatchObject({ code: 2 });
    expect(await run('replay', '99', ...at())).toMatchObject({ code: 1 });
    expect((await run('replay', '--all', '--dry-run', ...at())).out).toContain(
      '2 would be replayed. Nothing was done.',
    );
    expect(await run('replay', '--all', ...at())).toMatchObject({
      code: 2,
      err: expect.stringContaining('--yes'),
    });
    expect((await run('replay', '1', ...at())).out).toContain('1 replayed');
    await server.idle();
    expect((await run('replay', '--all', '--yes', '--json', ...at())).json()).toEqual({ requeued: 2 });
    await server.idle();
  });
});

describe('apply and export', () => {
  it('round-trip, and show changes', async () => {
    const file = join(folder, 'exported.json');
    expect((await run('export', '-o', file, ...at())).code).toBe(0);
    expect((await run('apply', file, ...at())).out).toBe('Nothing changes.\n');

    const workspace = JSON.parse(readFileSync(file, 'utf8')) as { destinations: object[]; sources: object[] };
    workspace.destinations[0] = { ...workspace.destinations[0], settings: { mode: 'retry' } };
    workspace.sources.push({ id: 'app', writeKey: 'another-secret' });
    writeFileSync(file, JSON.stringify(workspace));
    const planned = await run('apply', file, '--dry-run', ...at());
    expect(planned.out).toBe(
      '+ sources.app  {"id":"app","writeKey":"(secret)"}\n+ destinations.sink.settings.mode  "retry"\n',
    );
    expect(await run('apply', file, ...at())).toMatchObject({ code: 2 });
    expect((await run('apply', file, '--yes', ...at())).out).toContain('Applied.');
    expect((await run('apply', file, '--json', ...at())).json()).toMatchObject({
      error: { message: expect.stringContaining('--yes') },
    });
    const named = (await run('export', '--env', ...at())).json<{ sources: unknown[] }>();
    expect(named.sources[1]).toEqual({ id: 'app', writeKey: { $env: 'WAYBILL_APP_WRITE_KEY' } });
  });

  it('refuse an invalid workspace, local or from the server', async () => {
    const file = join(folder, 'bad.json');
    writeFileSync(file, '{ "sources": [] }');
    expect(await run('apply', file, ...at())).toMatchObject({
      code: 1,
      err: expect.stringContaining('destinations: This member is required'),
    });
    writeFileSync(file, '{ "sources": [], "destinations": [{ "id": "x", "type": "nope", "settings": {} }] }');
    expect(await run('apply', file, '--yes', ...at())).toMatchObject({
      code: 1,
      err: expect.stringContaining('nope'),
    });
  });
});

describe('history', () => {
  it('lists changes with their authors, the versions of an entity, and differences', async () => {
    const file = join(folder, 'noted.json');
    await run('export', '-o', file, ...at());
    const workspace = JSON.parse(readFileSync(file, 'utf8')) as { destinations: object[] };
    workspace.destinations[0] = { ...workspace.destinations[0], name: 'The sink' };
    writeFileSync(file, JSON.stringify(workspace));
    await run('apply', file, '--yes', '--note', 'a better name', ...at());
    const all = (await run('history', ...at())).out.split('\n');
    expect(all[0]).toMatch(/^change +when +by +from +what +note$/);
    expect(all[2]).toMatch(/admin +127\.0\.0\.1 +destinations\/sink \d+, workspace \d+ +a better name$/);
    expect(all.at(-2)).toMatch(/^1 .* file +file /);
    const versions = (await run('history', 'destinations/sink', '--json', ...at())).json<
      { version: number; note?: string }[]
    >();
    expect(versions[0]).toMatchObject({ note: 'a better name' });
    const { version } = versions[0]!;
    const diff = await run('history', 'destinations/sink', '--diff', `${version - 1}..${version}`, ...at());
    expect(diff.out).toBe('+ name  "The sink"\n');
    expect((await run('history', 'destinations/sink', '--diff', String(version), ...at())).out).toBe(
      'No differences.\n',
    );
    expect(await run('history', 'destinations/none', ...at())).toMatchObject({ code: 1 });
    expect(await run('history', '../healthz', ...at())).toMatchObject({ code: 2 });
  });
});

describe('connecting', () => {
  it('has a separate exit code for an unreachable server or a wrong token', async () => {
    const token = ['--token', 't'];
    expect(await run('events', 'tail', '--url', 'http://127.0.0.1:1', ...token)).toMatchObject({
      code: 3,
      err: expect.stringContaining('No Waybill server answers'),
    });
    expect(await run('events', 'tail', '--url', server.url, ...token)).toMatchObject({ code: 3 });
    expect(await run('events', 'tail', '--url', 'nowhere', ...token)).toMatchObject({ code: 2 });
    expect(await run('events', 'tail', '--data', '/nowhere')).toMatchObject({
      code: 2,
      err: expect.stringContaining('WAYBILL_ADMIN_TOKEN'),
    });
    expect(await run('events', 'tail', '-n', 'x', ...at())).toMatchObject({ code: 2 });
    expect(await run('deadletters', 'list', '--from', 'x', ...at())).toMatchObject({ code: 2 });
  });
});
