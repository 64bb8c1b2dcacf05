import { isIP } from 'node:net';
import type { AdmissionLimits } from './admission/admission.ts';
import type { ContainmentLimits } from './containment/process.ts';
import type { DataFolder } from './folder/open.ts';
import { limitsGiven } from './limits.ts';
import type { RetentionLimits } from './retention.ts';

/** The configuration of a server. Everything but the data folder has a default. */
export interface ServerConfig {
  /** Folder of the databases, the workspace and the keys. Created when missing. */
  readonly dataDir: string;
  /** The same folder, if already locked; it is released with the server. */
  readonly folder?: DataFolder;
  /** The address of log, state and workspace: `sqlite:<folder>` or `postgres://…`; the data folder when absent. */
  readonly store?: string;
  readonly host?: string;
  /** 0 selects a free port. */
  readonly port?: number;
  /**
   * Destinations and sources in addition to Waybill's own: modules that export them, or `segment:<slug>` for published
   * definitions.
   */
  readonly destinations?: readonly string[];
  /** Bearer token of the admin API; created in the data folder when absent. */
  readonly adminToken?: string;
  /** Encrypts secrets at rest; created in the data folder when absent. */
  readonly secretKey?: string;
  /** Hosts (`host` or `host:port`) that destinations may reach despite internal addresses. */
  readonly allowedHosts?: readonly string[];
  /** Folders whose files audience sources may read. */
  readonly audienceFiles?: readonly string[];
  readonly logLevel?: 'silent' | 'error' | 'warn' | 'info' | 'debug';
  /** Reads an environment variable, for secrets given as `{ "$env": "NAME" }`. */
  readonly env?: (name: string) => string | undefined;
  /** Tuning of retries, mostly for tests. Times in milliseconds. */
  readonly retry?: { readonly firstDelay?: number; readonly maxDelay?: number; readonly window?: number };
  /** How long events, outcomes and dead letters are kept; 0 disables a limit. */
  readonly retention?: Partial<RetentionLimits>;
  /** The resource limits of the processes of other destinations. */
  readonly containment?: Partial<ContainmentLimits>;
  /** Environment variables that their code may read. */
  readonly destinationEnv?: readonly string[];
  /** The public URL of this server, for example `https://events.shop.example`; derived from requests when absent. */
  readonly publicUrl?: string;
  /** Proxies whose `X-Forwarded-*` headers are trusted: addresses, ranges, `loopback`, `linklocal`, `uniquelocal`. */
  readonly trustProxy?: readonly string[];
  /** The limits of admission control; 0 disables a limit. */
  readonly limits?: Partial<AdmissionLimits>;
  /** Whether it runs with demo data, as with `waybill start --demo`. */
  readonly demo?: boolean;
  /** Called with every answer of the admin API: for tests, which check them against its contract. */
  readonly onAnswer?: (answer: Answered) => void;
}

/** An answer of the admin API. */
export interface Answered {
  /** The route in the contract: `GET /api/events/:id`. */
  readonly route: string;
  readonly status: number;
  /** The body as sent; empty when there is none. */
  readonly text: string;
}

/** Reads limits from environment variables: `WAYBILL_RETENTION_DAYS` and so on; throws for a value that is not a number. */
export function limitsFromEnvironment(
  env: (name: string) => string | undefined,
): Pick<ServerConfig, 'retention' | 'limits' | 'containment' | 'destinationEnv'> {
  const names = (variable: string): readonly string[] =>
    (env(variable) ?? '').split(',').flatMap((name) => name.trim() || []);
  const connecting = names('WAYBILL_DESTINATION_CONNECTIONS');
  return {
    containment: {
      ...limitsGiven('containment', env),
      ...(connecting.length === 0 ? {} : { connecting }),
    },
    destinationEnv: names('WAYBILL_DESTINATION_ENV'),
    retention: limitsGiven('retention', env),
    limits: limitsGiven('limits', env),
  };
}

/**
 * Reads the addresses and folders of a server from environment variables: `WAYBILL_PUBLIC_URL` and so on; throws for an invalid
 * address.
 */
export function placeFromEnvironment(
  env: (name: string) => string | undefined,
): Pick<ServerConfig, 'publicUrl' | 'trustProxy' | 'audienceFiles'> {
  const publicUrl = env('WAYBILL_PUBLIC_URL') || undefined;
  if (publicUrl !== undefined && !/^https?:$/.test(URL.parse(publicUrl)?.protocol ?? '')) {
    const message = `WAYBILL_PUBLIC_URL is "${publicUrl}"; it must be an address such as https://events.shop.example.`;
    throw new Error(message);
  }
  const proxies = (env('WAYBILL_TRUST_PROXY') ?? '').split(',').flatMap((one) => one.trim() || []);
  const wrong = proxies.find((one) => !isProxy(one));
  if (wrong !== undefined) {
    const message = `WAYBILL_TRUST_PROXY has "${wrong}"; name addresses or ranges such as 10.0.0.0/8, loopback, linklocal or uniquelocal.`;
    throw new Error(message);
  }
  const files = (env('WAYBILL_AUDIENCE_FILES') ?? '').split(',').flatMap((one) => one.trim() || []);
  return given({
    publicUrl,
    trustProxy: proxies.length === 0 ? undefined : proxies,
    audienceFiles: files.length === 0 ? undefined : files,
  });
}

function isProxy(text: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(text)) return true;
  const [address = '', bits, ...more] = text.split('/');
  const most = { 4: 32, 6: 128 }[isIP(address)] ?? -1;
  return (
    more.length === 0 && most > 0 && (bits === undefined || (/^\d+$/.test(bits) && Number(bits) <= most))
  );
}

function given<T extends object>(members: { readonly [K in keyof T]: T[K] | undefined }): Partial<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Partial<T>;
}

/** The maximum size of a batch, in bytes of the request body: the limit of Segment's tracking API. */
export const MAX_BATCH_BYTES = 500 * 1024;
