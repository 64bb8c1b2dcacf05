/*
 * What the server and the process that compares say to each other. Everything is data: DuckDB is loaded in that process alone, and ends with it.
 */

/** What rows are compared with: the last result, as files within the folder of the source. */
export interface LastResult {
  /** Rows of the last result that was written whole, with their hashes. */
  readonly base: string;
  /** Rows that came since, and hashes of those that went; absent where nothing has changed since. */
  readonly plus?: string;
  readonly gone?: string;
  readonly rows: number;
  readonly baseRows: number;
  /** The version of DuckDB: another one may have other hashes. */
  readonly engine: string;
  /** Name and type of each column. */
  readonly columns: readonly (readonly [string, string])[];
  readonly key: string;
}

/** What became of rows since the last result. */
export const KINDS = ['added', 'changed', 'removed'] as const;

/** One of them. */
export type Kind = (typeof KINDS)[number];

/** How many rows of each kind. */
export type Counts = Readonly<Record<Kind, number>>;

/** A row with what became of it. */
export interface Change {
  readonly kind: Kind;
  readonly key: string;
  readonly row: Readonly<Record<string, unknown>>;
}

/** What comparing came to. */
export interface Compared {
  readonly result: LastResult;
  readonly counts: Counts;
  readonly rows: number;
  /** Rows of the previous result. */
  readonly before: number;
  /** Some of each kind. */
  readonly samples: readonly Change[];
}

/** A database that may be connected to. */
export interface Database {
  readonly host: string;
  /** Where the host was when it was checked: the connection goes there. */
  readonly address: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  readonly tls: 'none' | 'unverified' | 'verified';
}

/** What is compared. */
export interface Job {
  /** A file that may be read, which is the table `rows` of the query; or the database that runs the query. */
  readonly from: { readonly file: string } | { readonly database: Database };
  readonly query?: string;
  readonly key: string;
  /** Columns that the settings name beside the key. */
  readonly named: readonly string[];
  /** How long it may take, in milliseconds. */
  readonly most: number;
  readonly last?: LastResult;
  /** The folder that all of this is within, and where what comes of it is written. */
  readonly folder: string;
  readonly out: string;
  readonly memoryMb: number;
}

/** What the process says at its end. */
export type Said =
  { readonly compared: Compared } | { readonly failure: { readonly code: string; readonly message: string } };

/** The file of the changes, a line of JSON each. */
export const CHANGES = 'changes.jsonl';

/** The version of DuckDB that this was made with. */
export const DUCKDB = '@duckdb/node-api@1.5.6-r.1';
