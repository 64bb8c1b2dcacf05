import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request as ask } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { IncomingMessage } from 'node:http';
import { until } from '../faults/support.ts';
import { type Harness, openHarness } from '../e2e/harness.ts';
import { freePort } from '../e2e/port.ts';
import { installed } from './installed.ts';

const deploy = join(import.meta.dirname, '../../deploy');

/** The configuration of `deploy/` with the paths of this test, otherwise unchanged. */
function changed(file: string, replacements: Readonly<Record<string, string>>): string {
  let config = readFileSync(join(deploy, file), 'utf8');
  for (const [before, after] of Object.entries(replacements)) {
    expect(config).toContain(before);
    config = config.replaceAll(before, after);
  }
  return config;
}

interface Place {
  readonly folder: string;
  readonly port: number;
  /** Host and port of the server. */
  readonly server: string;
}

const PROXIES: Readonly<Record<string, (place: Place) => ChildProcess>> = {
  nginx({ folder, port, server }) {
    const site = changed('nginx/waybill.conf', {
      '127.0.0.1:4400': server,
      'listen 443 ssl http2;': `listen 127.0.0.1:${port} ssl http2;`,
      'listen [::]:443 ssl http2;': '',
      '/etc/ssl/waybill/fullchain.pem': join(folder, 'cert.pem'),
      '/etc/ssl/waybill/privkey.pem': join(folder, 'key.pem'),
    });
    const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
    const temporary = paths.map((name) => `${name}_temp_path ${folder}/${name};`).join('\n');
    const whole = `daemon off;\nmaster_process off;\npid ${folder}/pid;\nerror_log ${folder}/error.log;\nevents {}\nhttp {\naccess_log off;\n${temporary}\n${site}\n}\n`;
    writeFileSync(join(folder, 'nginx.conf'), whole);
    const options = ['-p', folder, '-e', join(folder, 'error.log'), '-c', join(folder, 'nginx.conf')];
    return spawn(installed('nginx', 'nginx-light'), options, { stdio: 'ignore' });
  },
  caddy({ folder, port, server }) {
    const certificate = `tls ${join(folder, 'cert.pem')} ${join(folder, 'key.pem')}`;
    const site = changed('caddy/Caddyfile', {
      '127.0.0.1:4400': server,
      'events.example.com {': `https://events.example.com:${port} {\n\tbind 127.0.0.1\n\t${certificate}`,
    });
    const file = join(folder, 'Caddyfile');
    writeFileSync(file, `{\n\tadmin off\n\tauto_https disable_redirects\n}\n${site}`);
    return spawn(installed('caddy', 'caddy'), ['run', '--config', file, '--adapter', 'caddyfile'], {
      stdio: 'ignore',
      env: { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
    });
  },
};

describe.each(Object.keys(PROXIES))('Waybill behind %s with TLS', (name) => {
  let harness: Harness;
  let proxy: ChildProcess;
  let port: number;
  const folder = mkdtempSync(join(tmpdir(), 'waybill-proxy-'));

  /** Asks by HTTPS, as a client that has resolved the name to this machine. */
  const get = (
    path: string,
    { method = 'GET', body = '', headers = {} }: { method?: string; body?: string; headers?: object } = {},
  ): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const sent = ask(
        {
          host: '127.0.0.1',
          port,
          servername: 'events.example.com',
          ca: readFileSync(join(folder, 'cert.pem')),
          method,
          path,
          headers: { host: 'events.example.com', ...headers },
        },
        resolve,
      );
      sent.on('error', reject);
      sent.end(body);
    });
  const track = async (body: object, headers: object = {}): Promise<[number | undefined, string]> => {
    const answer = await get('/v1/track', {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', authorization: `Basic ${btoa('demo:')}`, ...headers },
    });
    return [answer.statusCode, await text(answer)];
  };

  beforeAll(async () => {
    const openssl = installed('openssl', 'openssl');
    const subject = ['-subj', '/CN=events.example.com', '-addext', 'subjectAltName=DNS:events.example.com'];
    const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')];
    const args = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...subject, ...files];
    expect(spawnSync(openssl, args).status).toBe(0);
    const publicUrl = 'https://events.example.com';
    harness = await openHarness({ server: { trustProxy: ['loopback'], publicUrl } });
    port = await freePort();
    proxy = PROXIES[name]!({ folder, port, server: new URL(harness.server.url).host });
    await until(async () => {
      const answer = await get('/healthz').catch(() => undefined);
      answer?.resume();
      return answer?.statusCode === 200;
    });
  }, 240_000);
  afterAll(async () => {
    proxy?.kill();
    await harness?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('accepts events of web pages with the address of the client, for any headers of the client', async () => {
    const event = { userId: 'ada', event: 'Seen', messageId: 'm1', properties: { text: 'x'.repeat(20_000) } };
    const page = { origin: 'https://shop.example.com', 'x-forwarded-for': '203.0.113.9' };
    expect((await track(event, page))[0]).toBe(200);
    await harness.server.idle();
    const stored = (await harness.admin('events/m1')).body;
    expect(stored.event.context.ip).toBe('127.0.0.1');
    expect(await harness.steps('m1')).toMatchObject([{ status: 'delivered' }]);
  });

  it('returns its own reasons for events that are too large', async () => {
    const [status, answer] = await track({ userId: 'ada', event: 'x'.repeat(3_000_000) });
    expect(status).toBe(400);
    expect(JSON.parse(answer)).toMatchObject({ error: { code: 'event_too_large' } });
  });

  it('serves the console, and settings with the public address', async () => {
    const console = await get('/console/');
    expect([console.statusCode, console.headers['content-security-policy'] !== undefined]).toEqual([
      200,
      true,
    ]);
    console.resume();
    const settings = await text(await get('/v1/projects/demo/settings'));
    expect(settings).toContain('events.example.com');
  });

  it('shows an event in the live view at once', async () => {
    const { adminToken } = harness.server;
    const headers = { authorization: `Bearer ${adminToken}`, 'accept-encoding': 'gzip' };
    const stream = await get('/api/stream?topics=events', { headers });
    expect(stream.headers['content-type']).toContain('text/event-stream');
    let seen = '';
    stream.on('data', (piece: Buffer) => (seen += piece.toString()));
    await track({ userId: 'ada', event: 'Live', messageId: 'm2' });
    await until(async () => seen.includes('"m2"'));
    stream.destroy();
  });
});
