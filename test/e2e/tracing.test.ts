import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { json } from 'node:stream/consumers';
import { createSandbox, type Sandbox } from '@waybill/iterable-sandbox';

/*
 * The SDK that an operator installs, in a server that is started as an operator starts one, sends to a collector by OTLP. Nothing
 * is registered or replaced here.
 */

interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue?: string; readonly intValue?: number | string };
}

interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly Attribute[];
  readonly status: { readonly code?: number; readonly message?: string };
}

/** A body of OTLP in JSON. */
interface Export {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: readonly { readonly spans: readonly Span[] }[];
  }[];
}

const paths: string[] = [];
const received: Export[] = [];
const collector: Server = createServer((request, response) => {
  paths.push(request.url ?? '');
  void json(request).then((body) => {
    received.push(body as Export);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
});

const ORDER = ['accept', 'prepare', 'send', 'settle'];

/** Attributes by name. */
function told(attributes: readonly Attribute[]): ReadonlyMap<string, unknown> {
  return new Map(attributes.map(({ key, value }) => [key, value.stringValue ?? value.intValue]));
}

/** The address of a server that has been started. */
function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((found, failed) => {
    let said = '';
    child.stdout!.on('data', (part: Buffer) => {
      said += part.toString();
      const match = /Waybill listens on (http:\S+)/.exec(said);
      if (match !== null) found(match[1]!);
    });
    child.once('exit', () => failed(new Error(`It ended:\n${said}`)));
  });
}

describe('traces of a server with the OpenTelemetry SDK', () => {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-tracing-'));
  let sandbox: Sandbox;
  let child: ChildProcess;
  let traces: ReadonlyMap<string, readonly Span[]>;

  beforeAll(async () => {
    sandbox = await createSandbox({ projectType: 'hybrid', limits: false });
    await fetch(`${sandbox.url}/_sandbox/settings`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ disallowedEventNames: ['Poison'] }),
    });
    collector.listen(0, '127.0.0.1');
    await once(collector, 'listening');
    const workspace = {
      sources: [{ id: 'shop', writeKey: 'demo' }],
      destinations: [
        {
          id: 'iterable',
          type: 'iterable',
          settings: { apiKey: 'demo', projectType: 'hybrid', apiUrl: sandbox.url },
        },
      ],
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
    ];
    child = spawn(process.execPath, [bin, 'start', ...flags], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        ...process.env,
        WAYBILL_ALLOWED_HOSTS: new URL(sandbox.url).host,
        WAYBILL_ADMIN_TOKEN: 'admin',
        WAYBILL_LOG_LEVEL: 'silent',
        OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(collector.address() as AddressInfo).port}`,
        OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
        OTEL_SERVICE_NAME: 'events of the shop',
        // Events are sampled by Waybill, once.
        OTEL_TRACES_SAMPLER: 'traceidratio',
      },
    });
    const url = await addressOf(child);
    const track = async (event: object): Promise<void> => {
      const headers = { authorization: `Basic ${btoa('demo:')}`, 'content-type': 'application/json' };
      const answer = await fetch(`${url}/v1/track`, { method: 'POST', headers, body: JSON.stringify(event) });
      expect(answer.status).toBe(200);
    };
    await track({ messageId: 'good', userId: 'ada', event: 'Seen' });
    await track({ messageId: 'bad', userId: 'ada', event: 'Poison' });
    await vi.waitUntil(
      async () => {
        const headers = { authorization: 'Bearer admin' };
        const answer = await fetch(`${url}/api/events/bad`, { headers });
        const { steps = [] } = (await answer.json()) as { readonly steps?: readonly object[] };
        return steps.length > 0;
      },
      { timeout: 20_000, interval: 50 },
    );
    // The end of a server sends what waits: the SDK would send it after five seconds.
    child.kill('SIGTERM');
    await once(child, 'exit');
    const spans = received.flatMap(({ resourceSpans }) =>
      resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((one) => one.spans)),
    );
    traces = Map.groupBy(spans, (span) => String(told(span.attributes).get('waybill.message_id')));
  }, 60_000);
  afterAll(async () => {
    child.kill('SIGKILL');
    collector.close();
    await sandbox.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it('reach a collector by OTLP, with the name of the service and without the command line', () => {
    expect(new Set(paths)).toEqual(new Set(['/v1/traces']));
    const resources = received.flatMap(({ resourceSpans }) => resourceSpans.map(({ resource }) => resource));
    for (const { attributes } of resources) {
      const resource = told(attributes);
      expect(resource.get('service.name')).toBe('events of the shop');
      expect([...resource.keys()]).toContain('host.name');
      expect([...resource.keys()].filter((key) => key.startsWith('process.command'))).toEqual([]);
    }
  });

  it('exist once for each event, with a single root span', () => {
    expect([...traces.keys()].toSorted()).toEqual(['bad', 'good']);
    for (const spans of traces.values()) {
      expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
      const [first, ...others] = spans.toSorted(
        (one, other) => ORDER.indexOf(one.name) - ORDER.indexOf(other.name),
      );
      expect(first).toMatchObject({ name: 'accept' });
      expect(first!.parentSpanId ?? '').toBe('');
      expect(others.map(({ name }) => name)).toEqual(['prepare', 'send', 'settle']);
      expect(others.filter(({ parentSpanId }) => parentSpanId !== first!.spanId)).toEqual([]);
      const backwards = spans.filter((one) => BigInt(one.endTimeUnixNano) < BigInt(one.startTimeUnixNano));
      expect(backwards).toEqual([]);
    }
  });

  it('contain the outcome of an event, with its reason', () => {
    const settled = (id: string): Span => traces.get(id)!.find(({ name }) => name === 'settle')!;
    expect(Object.fromEntries(told(settled('good').attributes))).toMatchObject({
      'waybill.source': 'shop',
      'waybill.destination': 'iterable',
      'waybill.status': 'delivered',
    });
    expect(told(settled('bad').attributes).get('waybill.code')).toBe('destination_event_disallowed');
    expect(settled('bad').status).toMatchObject({ code: 2, message: expect.stringMatching(/\w/) });
    const sent = told(traces.get('good')!.find(({ name }) => name === 'send')!.attributes);
    expect(sent.get('waybill.url')).toContain(sandbox.url);
  });
});
