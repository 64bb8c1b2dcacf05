import { resolve } from 'node:path';
import type { Platform } from '@waybill/shop-sandboxes';

/** The flags of `waybill start` and `waybill demo`. */
export interface StartFlags {
  readonly port?: string;
  readonly host?: string;
  readonly data?: string;
  readonly store?: string;
  readonly logLevel?: string;
  readonly workspace?: string;
  readonly demo?: boolean;
  readonly json?: boolean;
  readonly destination?: readonly string[];
  readonly source?: readonly string[];
  readonly shop?: Platform;
}

/** What a command runs with, after flags, environment and defaults. */
export interface Settings {
  readonly port: number;
  /** Whether the port was requested: then no other port may be used. */
  readonly portGiven: boolean;
  readonly host: string;
  /** Undefined when no folder was given. */
  readonly data: string | undefined;
  /** The address of the stores; the data folder when absent. */
  readonly store: string | undefined;
  readonly logLevel: 'silent' | 'error' | 'warn' | 'info' | 'debug' | undefined;
  readonly workspaceFile: string | undefined;
  readonly demo: boolean;
  /** Print JSON instead of text. */
  readonly json: boolean;
  /** Modules with additional destinations and sources. */
  readonly modules: readonly string[];
  readonly sandboxPort: number;
  readonly sandboxPortGiven: boolean;
  /** A running sandbox to use instead of starting one. */
  readonly sandboxUrl: string | undefined;
  readonly projectType: ProjectType;
  /** The platform of the local shop of a demo. */
  readonly shop: Platform | undefined;
}

/** How Iterable identifies users. */
export type ProjectType = 'email' | 'userId' | 'hybrid';

/** Reads flags and environment; throws with the name of the invalid one. */
export function readSettings(flags: StartFlags, env: NodeJS.ProcessEnv = process.env): Settings {
  const levels = ['silent', 'error', 'warn', 'info', 'debug'] as const;
  const logLevel = levels.find((level) => level === flags.logLevel);
  if (flags.logLevel !== undefined && logLevel === undefined) {
    throw new Error(`The log level "${flags.logLevel}" must be one of ${levels.join(', ')}.`);
  }
  const types = ['email', 'userId', 'hybrid'] as const;
  const wanted = env['WAYBILL_PROJECT_TYPE'] ?? 'hybrid';
  const projectType = types.find((type) => type === wanted);
  if (projectType === undefined) {
    throw new Error(`WAYBILL_PROJECT_TYPE is "${wanted}"; it must be one of ${types.join(', ')}.`);
  }
  return {
    port: readPort('--port (or WAYBILL_PORT)', flags.port ?? '4400'),
    portGiven: flags.port !== undefined,
    host: flags.host ?? '127.0.0.1',
    data: flags.data === undefined ? undefined : resolve(flags.data),
    store: flags.store,
    logLevel,
    workspaceFile: flags.workspace === undefined ? undefined : resolve(flags.workspace),
    demo: flags.demo ?? false,
    json: flags.json ?? false,
    modules: [...new Set([...(flags.destination ?? []), ...(flags.source ?? [])])],
    sandboxPort: readPort('WAYBILL_SANDBOX_PORT', env['WAYBILL_SANDBOX_PORT'] ?? '4401'),
    sandboxPortGiven: env['WAYBILL_SANDBOX_PORT'] !== undefined,
    sandboxUrl: sandboxUrl(env['WAYBILL_SANDBOX_URL']),
    projectType,
    shop: flags.shop,
  };
}

/** Reads a port; throws with the name of its origin. */
export function readPort(name: string, text: string): number {
  const read = Number(text);
  if (!/^\d+$/.test(text) || read > 65_535)
    throw new Error(`${name} is "${text}"; it must be a port, 0 to 65535.`);
  return read;
}

function sandboxUrl(text: string | undefined): string | undefined {
  if (text === undefined || text === '') return undefined;
  if (!URL.canParse(text))
    throw new Error(`WAYBILL_SANDBOX_URL is "${text}"; it must be an address such as http://127.0.0.1:4401.`);
  return new URL(text).origin;
}
