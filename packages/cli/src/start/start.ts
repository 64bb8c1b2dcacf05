import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { MappingConfig, Workspace } from '@waybill/core';
import { openDataFolder, type Server, startServer } from '@waybill/server';
import { CommandFailure, EXIT } from '../output/exit.ts';
import { type DemoSandbox, demoSandbox } from '../sandbox.ts';
import { sourceLines } from '../sources/start-lines.ts';
import { stopSignal } from '../stop-signal.ts';
import type { Settings } from '../settings.ts';

/** A server, and the sandbox if it is a demo. */
export interface Running {
  readonly server: Server;
  readonly sandbox: DemoSandbox | undefined;
  readonly dataDir: string;
  stop(): Promise<void>;
}

/** The shop of a demo: its source instead of the usual one, a host that it may reach, and its mappings. */
export interface DemoShop {
  readonly source: Workspace['sources'][number];
  readonly host: string;
  /** Returns the mappings, after creating what they need in the Iterable at a URL. */
  mappings(iterable: string): Promise<readonly MappingConfig[]>;
}

/** Starts the server, and for a demo the sandbox. */
export async function run(settings: Settings, shop?: DemoShop): Promise<Running> {
  const dataDir = settings.data ?? resolve('.waybill');
  // First, so that a folder that is in use, or cannot be written, leaves nothing behind.
  const folder = openDataFolder(dataDir);
  let sandbox: DemoSandbox | undefined;
  try {
    sandbox = settings.demo ? await demoSandbox(settings, dataDir) : undefined;
    const server = await startServer(
      {
        dataDir,
        folder,
        destinations: settings.modules,
        host: settings.host,
        port: settings.port,
        demo: settings.demo,
        env: (name) => process.env[name],
        allowedHosts: [
          ...(sandbox === undefined ? [] : [new URL(sandbox.url).host]),
          ...(shop === undefined ? [] : [shop.host]),
          ...(process.env['WAYBILL_ALLOWED_HOSTS'] ?? '').split(',').filter((host) => host !== ''),
        ],
        logLevel: settings.logLevel ?? (settings.demo ? 'warn' : 'info'),
        ...optional('store', settings.store),
        ...optional('adminToken', process.env['WAYBILL_ADMIN_TOKEN']),
        ...optional('secretKey', process.env['WAYBILL_SECRET_KEY']),
      },
      await workspaceText(settings, sandbox, shop),
    );
    return {
      server,
      sandbox,
      dataDir,
      async stop() {
        try {
          await server.stop();
        } finally {
          await sandbox?.stop();
        }
      },
    };
  } catch (error) {
    await sandbox?.stop();
    folder.release();
    throw error;
  }
}

/** `waybill start`: runs until it is stopped. */
export async function start(settings: Settings): Promise<number> {
  // Handled from now on: a signal during the start must not leave the sandbox behind.
  const stopped = stopSignal();
  const running = await run(settings);
  const { server, sandbox, dataDir } = running;
  const lines = [
    `Waybill listens on ${server.url}`,
    `  console      ${server.url}/console (sign in with the admin token)`,
    `  data         ${dataDir}`,
    `  admin token  in ${resolve(dataDir, 'admin-token')}${process.env['WAYBILL_ADMIN_TOKEN'] === undefined ? '' : ' (overridden by WAYBILL_ADMIN_TOKEN)'}`,
  ];
  if (sandbox !== undefined)
    lines.push(
      `  Iterable     ${sandbox.url} (a local sandbox${sandbox.found ? ', already running' : ''}; open it to see what arrives)`,
    );
  lines.push(...sourceLines(running));
  const place = { url: server.url, dataDir, adminTokenFile: resolve(dataDir, 'admin-token') };
  if (settings.json)
    console.log(JSON.stringify(sandbox === undefined ? place : { ...place, sandbox: sandbox.url }));
  else console.log(lines.join('\n'));
  await stopped;
  if (!settings.json) console.log('Stopping: finishing calls in progress.');
  await running.stop();
  return 0;
}

async function workspaceText(
  settings: Settings,
  sandbox: DemoSandbox | undefined,
  shop: DemoShop | undefined,
): Promise<string | undefined> {
  if (settings.workspaceFile !== undefined) {
    if (!existsSync(settings.workspaceFile))
      throw new CommandFailure(`There is no workspace file at ${settings.workspaceFile}.`, EXIT.usage);
    return readFileSync(settings.workspaceFile, 'utf8');
  }
  return sandbox === undefined ? undefined : JSON.stringify(await demoWorkspace(settings, sandbox, shop));
}

/** One source, one Iterable, the automatic presets; those for shops when there is one. */
async function demoWorkspace(
  settings: Settings,
  sandbox: DemoSandbox,
  shop: DemoShop | undefined,
): Promise<Workspace> {
  return {
    sources: [shop?.source ?? { id: 'shop', name: 'Demo shop', writeKey: 'demo' }],
    destinations: [
      {
        id: 'iterable',
        type: 'iterable',
        name: 'Iterable',
        settings: {
          apiKey: 'demo',
          projectType: settings.projectType,
          apiUrl: sandbox.url,
          // Amounts of a shop are sometimes integers: shipping of 0, and 4.12 the next time.
          ...(shop === undefined ? {} : { fieldTypes: 'convert' }),
        },
        ...(shop === undefined ? {} : { mappings: await shop.mappings(sandbox.url) }),
      },
    ],
  };
}

function optional<K extends string>(name: K, value: string | undefined): { readonly [P in K]?: string } {
  return value === undefined || value === '' ? {} : ({ [name]: value } as { readonly [P in K]?: string });
}
