import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { ADMISSION_LIMITS, type AdmissionLimits } from './admission/admission.ts';
import { type AdminToken, openAdminToken } from './auth/admin-token.ts';
import { limitsFromEnvironment, placeFromEnvironment, type ServerConfig } from './config.ts';
import { moduleEnv } from './containment/modules.ts';
import { CONTAINMENT, type ContainmentLimits } from './containment/process.ts';
import { keptKey } from './keys.ts';
import { RETENTION, type RetentionLimits } from './retention.ts';
import { readRoles, type Role, ROLES } from './roles.ts';

/** The settings of a server: its configuration takes precedence over the environment, and that over the defaults. */
export interface Settings {
  readonly dataDir: string;
  /** The address of log and state. */
  readonly store: string;
  /** Names this process among those of the same store; unique per start. */
  readonly member: string;
  /** The roles of this process. */
  readonly roles: ReadonlySet<Role>;
  readonly host: string;
  readonly port: number;
  readonly env: (name: string) => string | undefined;
  readonly adminToken: AdminToken;
  readonly secretKey: string;
  readonly logLevel: NonNullable<ServerConfig['logLevel']>;
  readonly destinations: readonly string[];
  readonly allowedHosts: readonly string[];
  /** Folders whose files audience sources may read. */
  readonly audienceFiles: readonly string[];
  readonly retry: NonNullable<ServerConfig['retry']>;
  readonly limits: AdmissionLimits;
  readonly retention: RetentionLimits;
  readonly containment: ContainmentLimits;
  /** The environment that modules see. */
  readonly moduleEnv: Readonly<Record<string, string>>;
  readonly demo: boolean;
  readonly publicUrl: string | undefined;
  readonly trustProxy: readonly string[] | undefined;
  readonly onAnswer: ServerConfig['onAnswer'];
}

/** Reads the settings; creates missing keys. Throws for an invalid variable. */
export function readSettings(config: ServerConfig): Settings {
  const { dataDir, env = () => undefined } = config;
  const limits = limitsFromEnvironment(env);
  const place = placeFromEnvironment(env);
  const store = config.store ?? env('WAYBILL_STORE') ?? `sqlite:${dataDir}`;
  return {
    dataDir,
    store,
    member: `${hostname()} ${process.pid} ${randomUUID()}`,
    roles: rolesOver(store, env('WAYBILL_ROLES')),
    host: config.host ?? '127.0.0.1',
    port: config.port ?? 4400,
    env,
    adminToken: openAdminToken(dataDir, config.adminToken),
    secretKey: config.secretKey ?? keptKey(dataDir),
    logLevel: config.logLevel ?? 'info',
    destinations: config.destinations ?? [],
    allowedHosts: config.allowedHosts ?? [],
    audienceFiles: config.audienceFiles ?? place.audienceFiles ?? [],
    retry: config.retry ?? {},
    limits: { ...ADMISSION_LIMITS, ...limits.limits, ...config.limits },
    retention: { ...RETENTION, ...limits.retention, ...config.retention },
    containment: { ...CONTAINMENT, ...limits.containment, ...config.containment },
    moduleEnv: moduleEnv(env, config.destinationEnv ?? limits.destinationEnv ?? []),
    demo: config.demo ?? false,
    publicUrl: config.publicUrl ?? place.publicUrl,
    trustProxy: config.trustProxy ?? place.trustProxy,
    onAnswer: config.onAnswer,
  };
}

/** The roles of a process; a process that is the only one of its store must have all. */
function rolesOver(store: string, text: string | undefined): ReadonlySet<Role> {
  const roles = readRoles(text);
  if (roles.size === ROLES.length || store.startsWith('postgres')) return roles;
  throw new Error(
    'WAYBILL_ROLES leaves out a role, but this store has only one process; only PostgreSQL is shared by several.',
  );
}
