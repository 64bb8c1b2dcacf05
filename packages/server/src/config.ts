/** What a server is started with. Everything has a default but the data folder. */
export interface ServerConfig {
  /** Folder of the databases, the workspace and the keys. Made when missing. */
  readonly dataDir: string;
  readonly host?: string;
  /** 0 takes a free port. */
  readonly port?: number;
  /** Bearer token of the admin API; made and kept in the data folder when absent. */
  readonly adminToken?: string;
  /** Encrypts secrets at rest; made and kept in the data folder when absent. */
  readonly secretKey?: string;
  /** Hosts (`host` or `host:port`) that destinations may reach although they are internal addresses. */
  readonly allowedHosts?: readonly string[];
  readonly logLevel?: 'silent' | 'error' | 'warn' | 'info' | 'debug';
  /** Reads an environment variable, for secrets given as `{ "$env": "NAME" }`. */
  readonly env?: (name: string) => string | undefined;
  /** Tuning of retries, mostly for tests. Times in milliseconds. */
  readonly retry?: { readonly firstDelay?: number; readonly maxDelay?: number; readonly window?: number };
}

/** Largest event, in bytes of its JSON: the limit of Segment's tracking API. */
export const MAX_EVENT_BYTES = 32 * 1024;

/** Largest batch, in bytes of the request body: the limit of Segment's tracking API. */
export const MAX_BATCH_BYTES = 500 * 1024;
