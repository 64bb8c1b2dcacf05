import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Workspace } from '@waybill/core';
import { createSandbox, type Sandbox, type SandboxOptions } from '@waybill/iterable-sandbox';
import { type Server, type ServerConfig, startServer } from '@waybill/server';
import { createContract } from './contract.ts';

export type ProjectType = 'email' | 'userId' | 'hybrid';

export interface StoryStep {
  readonly destination: string;
  readonly mappingId: string;
  readonly mappingVersion?: number;
  readonly status: string;
  readonly code?: string;
  readonly message?: string;
  readonly remedy?: string;
  readonly field?: string;
  readonly attempts: number;
  readonly payload?: unknown;
  readonly deadLetterId?: number;
  readonly exchanges: readonly { readonly request: { readonly url: string; readonly body?: string } }[];
}

/** A complete Waybill with a local Iterable, in a new folder. */
export interface Harness {
  readonly server: Server;
  readonly sandbox: Sandbox;
  readonly dataDir: string;
  track(path: string, body: unknown, headers?: Record<string, string>): Promise<Answered>;
  /** Edits overwrite the current version, unless they name their base version. */
  admin(
    path: string,
    init?: { method?: string; body?: unknown; ifMatch?: string | undefined },
  ): Promise<Answered>;
  steps(messageId: string): Promise<readonly StoryStep[]>;
  /** The whole content of the sandbox, in a fixed order. */
  iterable(): Promise<unknown>;
  /** Stops the server and starts it again; what is done `meanwhile` finds none. */
  restart(meanwhile?: () => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

/** An answer of the server. */
export interface Answered {
  readonly status: number;
  readonly body: Answer;
  readonly etag: string | undefined;
}

// Answers are read member by member in expectations.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Answer = any;

export interface HarnessOptions {
  readonly projectType?: ProjectType;
  readonly sandbox?: SandboxOptions;
  readonly server?: Partial<ServerConfig>;
  readonly workspace?: (sandboxUrl: string) => Workspace;
  /** Fills the data folder before the first start. */
  readonly fill?: (dataDir: string) => void;
}

export function demoWorkspace(url: string, projectType: ProjectType = 'hybrid'): Workspace {
  return {
    sources: [{ id: 'shop', writeKey: 'demo' }],
    destinations: [
      { id: 'iterable', type: 'iterable', settings: { apiKey: 'demo', projectType, apiUrl: url } },
    ],
  };
}

export async function openHarness(options: HarnessOptions = {}): Promise<Harness> {
  const dataDir = mkdtempSync(join(tmpdir(), 'waybill-e2e-'));
  options.fill?.(dataDir);
  const projectType = options.projectType ?? 'hybrid';
  const sandbox = await createSandbox({ projectType, limits: false, ...options.sandbox });
  const workspace = options.workspace?.(sandbox.url) ?? demoWorkspace(sandbox.url, projectType);
  const contract = createContract();
  const start = (): Promise<Server> =>
    startServer(
      {
        dataDir,
        port: 0,
        logLevel: 'silent',
        allowedHosts: [new URL(sandbox.url).host],
        retry: { firstDelay: 20, maxDelay: 200 },
        onAnswer: contract.check,
        ...options.server,
      },
      JSON.stringify(workspace),
    );
  let server = await start();

  const harness: Harness = {
    get server() {
      return server;
    },
    sandbox,
    dataDir,
    track: (path, body, headers) =>
      call(`${server.url}/v1/${path}`, 'POST', body, { authorization: `Basic ${btoa('demo:')}`, ...headers }),
    admin: (path, init = {}) => {
      const { method = 'GET', body } = init;
      const based = 'ifMatch' in init ? init.ifMatch : '*';
      return call(`${server.url}/api/${path}`, method, body, {
        authorization: `Bearer ${server.adminToken}`,
        ...(based === undefined ? {} : { 'if-match': based }),
      });
    },
    async steps(messageId) {
      const { body } = await harness.admin(`events/${encodeURIComponent(messageId)}`);
      return body.steps as readonly StoryStep[];
    },
    async iterable() {
      return (await call(`${sandbox.url}/_sandbox/state`, 'GET', undefined, {})).body;
    },
    async restart(meanwhile) {
      await server.stop();
      await meanwhile?.();
      server = await start();
    },
    async close() {
      await server.stop();
      await sandbox.close();
      rmSync(dataDir, { recursive: true, force: true });
      contract.hold();
    },
  };
  return harness;
}

async function call(
  url: string,
  method: string,
  body: unknown,
  headers: Record<string, string>,
): Promise<Answered> {
  const raw = typeof body === 'string' || body instanceof Uint8Array;
  const answer = await fetch(url, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: raw ? (body as string) : JSON.stringify(body) }),
  });
  const text = await answer.text();
  return {
    status: answer.status,
    etag: answer.headers.get('etag') ?? undefined,
    body: text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text,
  };
}
