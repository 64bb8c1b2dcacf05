import { isIP } from 'node:net';
import type { AdmissionLimits } from './admission/admission.ts';
import type { ContainmentLimits } from './containment/process.ts';
import type { DataFolder } from './folder/open.ts';
import { limitsGiven } from './limits.ts';
import type { RetentionLimits } from './retention.ts';

/** What a server is started with. Everything has a default but the data folder. */
export interface ServerConfig {
  /** Folder of the databases, the workspace and the keys. Made when missing. */
  readonly dataDir: string;
  /** The same folder, when it has been taken already; it is released with the server. */
  readonly folder?: DataFolder;
  /** The address of log, state and workspace: `sqlite:<folder>` or `postgres://…`; the data folder when absent. */
  readonly store?: string;
  readonly host?: string;
  /** 0 takes a free port. */
  readonly port?: number;
  /**
   * Destinations and sources beside Waybill's own: modules that export them, or `segment:<slug>` for published definitions.
   */
  readonly destinations?: readonly string[];
  /** Bearer token of the admin API; made and kept in the data folder when absent. */
  readonly adminToken?: string;
  /** Encrypts secrets at rest; made and kept in the data folder when absent. */
  readonly secretKey?: string;
  /** Hosts (`host` or `host:port`) that destinations may reach although they are internal addresses. */
  readonly allowedHosts?: readonly string[];
  /** Folders whose files audience sources may read. */
  readonly audienceFiles?: readonly string[];
  readonly logLevel?: 'silent' | 'error' | 'warn' | 'info' | 'debug';
  /** Reads an environment variable, for secrets given as `{ "$env": "NAME" }`. */
  readonly env?: (name: string) => string | undefined;
  /** Tuning of retries, mostly for tests. Times in milliseconds. */
  readonly retry?: { readonly firstDelay?: number; readonly maxDelay?: number; readonly window?: number };
  /** How long events, outcomes and dead letters are kept; 0 switches a limit off. */
  readonly retention?: Partial<RetentionLimits>;
  /** What the processes of destinations beside Waybill's own may take. */
  readonly containment?: Partial<ContainmentLimits>;
  /** Variables of the environment that the code of those destinations may read. */
  readonly destinationEnv?: readonly string[];
  /** Where clients reach this server, for instance `https://events.shop.example`; from their requests when absent. */
  readonly publicUrl?: string;
  /** Proxies whose `X-Forwarded-*` headers are believed: addresses, ranges, `loopback`, `linklocal`, `uniquelocal`. */
  readonly trustProxy?: readonly string[];
  /** When no more is taken; 0 switches a limit off. */
  readonly limits?: Partial<AdmissionLimits>;
  /** Whether it runs with made-up data, as `waybill start --demo` does. */
  readonly demo?: boolean;
  /** Told every answer of the admin API: for tests, which hold them against its contract. */
  readonly onAnswer?: (answer: Answered) => void;
}

/** An answer of the admin API. */
export interface Answered {
  /** The route as the contract names it: `GET /api/events/:id`. */
  readonly route: string;
  readonly status: number;
  /** The body as it is sent; empty when there is none. */
  readonly text: string;
}

/** The limits that variables of the environment give: `WAYBILL_RETENTION_DAYS` and so on; throws for what is no number. */
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

/** Where the server stands, and whose files it reads, as `WAYBILL_PUBLIC_URL` and so on say; throws for what is no address. */
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

/** Largest batch, in bytes of the request body: the limit of Segment's tracking API. */
export const MAX_BATCH_BYTES = 500 * 1024;
