import type { AddressInfo } from 'node:net';
import { Api, type ApiKey } from './routes/index.ts';
import { Calls } from './http/calls.ts';
import { Control } from './control.ts';
import { Faults } from './http/faults.ts';
import { Project, type KeepEvents } from './model/project.ts';
import { serve } from './server.ts';
import { impossible, type ProjectType, type Region } from './model/settings.ts';
import { setSwitches, type Switches } from './model/switches.ts';

/** Options of a sandbox; everything has a default. */
export interface SandboxOptions {
  /** 0, the default, selects a free port. */
  readonly port?: number;
  readonly host?: string;
  readonly projectType?: ProjectType;
  readonly region?: Region;
  /** Plain keys are server-side keys. */
  readonly apiKeys?: readonly (string | ApiKey)[];
  readonly limits?: boolean;
  readonly keepEvents?: KeepEvents;
  /** The maximum number of items in the item log, the newest; all are kept when absent. */
  readonly keepLog?: number;
  readonly now?: () => number;
  readonly random?: () => number;
  readonly switches?: Readonly<Partial<Switches>>;
}

/** A running sandbox. */
export interface Sandbox {
  readonly url: string;
  readonly port: number;
  /** The state, for tests in the same process. */
  readonly project: Project;
  /** Stops the server and closes every connection. */
  close(): Promise<void>;
}

/** Starts a local Iterable. */
export async function createSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { port = 0, host = '127.0.0.1', projectType = 'hybrid', apiKeys = ['demo'], limits = true } = options;
  const {
    region = 'us',
    keepLog = Infinity,
    keepEvents = 'all',
    now = Date.now,
    random = Math.random,
    switches = {},
  } = options;
  const combination = impossible(projectType, region);
  if (combination !== undefined) throw new Error(combination);
  const project = new Project({ type: projectType, region, keepEvents, keepLog, now, random });
  const problem = setSwitches(project.switches, switches);
  if (problem !== undefined) throw new Error(problem);
  const keys = apiKeys.map((key): ApiKey => (typeof key === 'string' ? { key, type: 'server' } : key));
  const api = new Api(project, keys, limits);
  const calls = new Calls();
  const faults = new Faults();
  const control = new Control(project, api, calls, faults);
  const server = serve({ project, api, control, calls, faults, host });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  // A server listening on a host and port has an AddressInfo, not a pipe name.
  const bound = (server.address() as AddressInfo).port;
  project.url = `http://${host.includes(':') ? `[${host}]` : host}:${bound}`;
  return {
    url: project.url,
    port: bound,
    project,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
