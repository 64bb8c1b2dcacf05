import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createRedactor } from '@waybill/delivery';
import { loadDefinition } from '@waybill/segment';
import type { Answer } from '../e2e/harness.ts';
import { until } from '../faults/support.ts';
import { scale } from './scale.ts';
import { dice, makeSecret, readingsOf, SPELLINGS } from './spelling.ts';

/*
 * Secrets in records: a server with destinations that write their secrets in every way into calls, messages and errors, and a service
 * that returns all of them. Nothing that a person can read afterwards may show a secret.
 */

const PARTNER = `
import { SPELLINGS } from ${JSON.stringify(resolve(import.meta.dirname, 'spelling.ts'))};
export const leaky = {
  slug: 'leaky', name: 'Leaky', description: 'Says its secrets.', presets: [], maxMappings: 50,
  settings: {
    url: { type: 'string', label: 'Address', description: 'Where to send.', required: true },
    key: { type: 'password', label: 'Key', description: 'The key.', required: true },
    more: { type: 'object', label: 'More', description: 'More.', properties: { token: { type: 'password', label: 'T', description: 'T.' } } },
  },
  async testConnection({ settings }) { return { ok: false, issue: { code: 'destination_unauthorized', path: '', message: 'no: ' + SPELLINGS.form(settings.key) } }; },
  async deleteUser({ settings }) { return { status: 'retry', code: 'destination_unavailable', message: SPELLINGS.basic(settings.key) }; },
  actions: {
    say: {
      title: 'Say', description: 'Says.',
      fields: { how: { type: 'string', label: 'How', description: 'How.', required: true } },
      async send(items, { settings, request }) {
        const secrets = [settings.key, settings.more.token, process.env.LEAKY_ENVIRONMENT];
        const all = secrets.flatMap((one) => Object.values(SPELLINGS).map((spell) => spell(one)));
        const how = items[0].payload.how;
        if (how === 'throw') throw new Error('bad ' + all.join(' '));
        const plain = (text) => text.replace(/[^\\x20-\\x7e]/g, '');
        for (const secret of secrets) {
          const written = Object.values(SPELLINGS).map((spell) => spell(secret));
          const text = written.join(' ');
          await request({ method: 'POST', url: settings.url + '?q=' + encodeURIComponent(secret), headers: { 'x-note': plain(SPELLINGS.basic(secret)) + ' ' + plain(secret) }, json: { text, access_token: 'made-at-run-time-4711' } });
          await request({ method: 'POST', url: settings.url, headers: { authorization: plain(secret) }, body: '.'.repeat(16384 - 9) + SPELLINGS.form(secret) });
          await request({ method: 'PUT', url: settings.url.replace('//', '//user:' + encodeURIComponent(secret) + '@'), body: SPELLINGS.base64OfJson(secret) });
        }
        return items.map(() => ({ status: 'rejected', code: 'destination_rejected', message: all.join(' '), field: secrets[0] }));
      },
    },
  },
};
`;

const ENVIRONMENT = "env (secret)!~ it's /4711";
const WRITE_KEY = 'wk 0815!(very) secret';

describe('a server whose destinations leak their secrets', () => {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-secrets-'));
  const random = dice(7);
  const secrets = Array.from(
    { length: scale(4, 40) },
    (_, at) => [makeSecret(random, at), makeSecret(random, at + 1)] as const,
  );
  let service: Server;
  let child: ChildProcess;
  let url = '';
  let said = '';
  let token = '';

  beforeAll(async () => {
    service = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const heard = [
          request.url,
          JSON.stringify(request.headers),
          Buffer.concat(parts).toString().replace(/^\.+/, ''),
        ];
        const answer = JSON.stringify({ error: heard.join(' ') }).replaceAll('/', '\\/');
        response.writeHead(400, { 'x-heard': encodeURIComponent(String(request.url)) }).end(answer);
      });
    });
    await new Promise<void>((ready) => service.listen(0, '127.0.0.1', ready));
    const host = `127.0.0.1:${(service.address() as AddressInfo).port}`;
    writeFileSync(join(folder, 'leaky.ts'), PARTNER);
    const mapping = (how: string): object => ({
      id: how,
      action: 'say',
      trigger: `event = "${how}"`,
      mapping: { how: { '@path': '$.event' } },
    });
    const workspace = {
      sources: [{ id: 'shop', writeKey: WRITE_KEY }],
      destinations: secrets.map(([key, more], at) => ({
        id: `d${at}`,
        type: 'leaky',
        settings: { url: `http://${host}/in`, key, more: { token: more } },
        mappings: [mapping('tell'), mapping('throw')],
      })),
    };
    writeFileSync(join(folder, 'workspace.json'), JSON.stringify(workspace));
    const bin = resolve(import.meta.dirname, '../../packages/cli/bin/waybill.js');
    const flags = [
      '--port',
      '0',
      '--data',
      join(folder, 'data'),
      '--workspace',
      join(folder, 'workspace.json'),
      '--destination',
      join(folder, 'leaky.ts'),
    ];
    child = spawn(process.execPath, [bin, 'start', ...flags], {
      env: {
        ...process.env,
        LEAKY_ENVIRONMENT: ENVIRONMENT,
        WAYBILL_DESTINATION_ENV: 'LEAKY_ENVIRONMENT',
        WAYBILL_ALLOWED_HOSTS: host,
        WAYBILL_LOG_LEVEL: 'debug',
      },
    });
    const read = (part: Buffer): void => {
      said += part.toString();
      url = /Waybill listens on (http:\S+)/.exec(said)?.[1] ?? url;
    };
    child.stdout!.on('data', read);
    child.stderr!.on('data', read);
    await until(() => {
      if (child.exitCode !== null) throw new Error(`It ended:\n${said}`);
      return url !== '';
    }, 60_000);
    token = readFileSync(join(folder, 'data', 'admin-token'), 'utf8').trim();
  }, 90_000);
  afterAll(async () => {
    if (child.exitCode === null) {
      child.kill('SIGKILL');
      await new Promise((end) => child.once('exit', end));
    }
    service.closeAllConnections();
    service.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  const admin = async (path: string, method = 'GET', body?: object): Promise<string> => {
    const headers = {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    };
    const answer = await fetch(`${url}/api/${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return answer.text();
  };
  const track = (body: object, query = ''): Promise<Response> =>
    fetch(`${url}/v1/track${query}`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: {
        authorization: `Basic ${Buffer.from(`${WRITE_KEY}:`).toString('base64')}`,
        'content-type': 'application/json',
      },
    });

  it('shows none in histories, dead letters, refusals, answers, metrics, its log and its state', async () => {
    const texts: Record<string, string> = {};
    for (const event of ['tell', 'throw'])
      expect((await track({ messageId: event, userId: 'u', event })).status).toBe(200);
    await track({ messageId: WRITE_KEY, event: 'nobody' }, `?writeKey=${encodeURIComponent(WRITE_KEY)}`);
    // A throw is tried again: its first outcome is enough.
    await until(async () => {
      const { steps } = JSON.parse(await admin('events/throw')) as Answer;
      const told = JSON.parse(await admin('events/tell')) as Answer;
      return (
        steps?.length === secrets.length &&
        told.steps?.length === secrets.length &&
        told.steps.every((one: Answer) => one.status === 'rejected')
      );
    }, 120_000);
    for (const path of [
      'events/tell',
      'events/throw',
      'dead-letters?limit=1000',
      'refusals',
      'workspace',
      'destinations',
      'stats',
    ])
      texts[path] = await admin(path);
    for (const { id } of JSON.parse(texts['dead-letters?limit=1000']!) as Answer)
      texts[`dead letter ${id}`] = await admin(`dead-letters/${id}`);
    for (const at of secrets.keys())
      texts[`test d${at}`] = await admin(`destinations/d${at}/test`, 'POST', {});
    texts['deletions'] = await admin('deletions', 'POST', { userId: 'u' });
    texts['metrics'] = await (await fetch(`${url}/metrics`)).text();
    child.kill('SIGTERM');
    await new Promise((end) => child.once('exit', end));
    // The lines before the log are for the person who starts the server: they contain the write keys.
    texts['log'] = said
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .join('\n');
    expect(texts['log']).toContain('events refused');
    for (const name of readdirSync(join(folder, 'data')).filter((one) => /^state|^workspace/.test(one)))
      texts[name] = readFileSync(join(folder, 'data', name)).toString('latin1');

    expect(texts['events/tell']).toContain('[secret]');
    expect(texts['refusals']).toContain('[secret]');
    const all = [...secrets.flat(), ENVIRONMENT, WRITE_KEY, token, 'made-at-run-time-4711'];
    const shown = Object.entries(texts).flatMap(([where, text]) => {
      const readings = [text, text.replaceAll('\\\\', '\\')].flatMap((one) => readingsOf(one, 1));
      return all
        .filter((one) => readings.some((reading) => reading.includes(one)))
        .map((one) => [where, one]);
    });
    expect(shown).toEqual([]);
  }, 240_000);
});

describe('a redactor', () => {
  it('leaves no readable secret, in any encoding', () => {
    const random = dice(1);
    const bad: unknown[] = [];
    for (let at = 0; at < scale(40, 1_000); at += 1) {
      const secret = makeSecret(random, at);
      const redactor = createRedactor([secret, 'another-secret']);
      for (const [name, spell] of Object.entries(SPELLINGS)) {
        const written = spell(secret);
        const clean = redactor.text(`before ${written} after`);
        if (!clean.includes('[secret]') || readingsOf(clean).some((one) => one.includes(secret)))
          bad.push([name, secret, clean]);
        // Wherever it is cut, no usable part of it is left.
        const into = 1 + Math.floor(random() * written.length);
        const cut = redactor.cut(`${'.'.repeat(100)}${written}${'.'.repeat(4_000)}`, 100 + into);
        if (readingsOf(cut).some((one) => one.includes(secret.slice(0, 6))))
          bad.push([name, 'cut', secret, cut]);
      }
      const inside = redactor.value({ a: [secret, { [secret]: 1 }], n: 5 });
      if (JSON.stringify(inside).includes(JSON.stringify(secret).slice(1, -1))) bad.push(['value', secret]);
    }
    expect(bad).toEqual([]);
  });

  it('is fast for hostile text', () => {
    const texts = ['\\', '%25', '%', ' ', '+', '&#0', 'a', '\\u00'].map((one) =>
      one.repeat(16_000).slice(0, 16_384),
    );
    for (const secret of [
      '!\\a\\b!key',
      '%%%%%%%%',
      '++++++++',
      'a        x',
      'aaaaaaaaaaaaaaaaaaab',
      "' or ''='",
    ]) {
      const redactor = createRedactor([secret]);
      for (const text of texts) {
        const began = performance.now();
        redactor.text(text);
        expect([secret, text.slice(0, 4), performance.now() - began < 5_000]).toEqual([
          secret,
          text.slice(0, 4),
          true,
        ]);
      }
    }
  });

  it('covers the secrets that published definitions read from the environment', () => {
    process.env['ACTIONS_APOLLOIO_HEADER_SECRET'] = ENVIRONMENT;
    try {
      expect(loadDefinition('apolloio')?.secrets?.()).toEqual([ENVIRONMENT]);
      expect(loadDefinition('actions-slack')?.secrets).toBeUndefined();
    } finally {
      delete process.env['ACTIONS_APOLLOIO_HEADER_SECRET'];
    }
  });
});
