/*
 * The messages between the server and the comparing process. All of it is plain data: DuckDB is loaded in that process alone, and
 * ends with it.
 */

/** The last result to compare with, as files within the folder of the source. */
export interface LastResult {
  /** Rows of the last complete result, with their hashes. */
  readonly base: string;
  /** Rows added since, and hashes of deleted ones; absent when nothing has changed since. */
  readonly plus?: string;
  readonly gone?: string;
  readonly rows: number;
  readonly baseRows: number;
  /** The version of DuckDB: another one may use other hashes. */
  readonly engine: string;
  /** Name and type of each column. */
  readonly columns: readonly (readonly [string, string])[];
  readonly key: string;
}

/** The kinds of changes of rows. */
export const KINDS = ['added', 'changed', 'removed'] as const;

/** A kind of change. */
export type Kind = (typeof KINDS)[number];

/** The number of rows of each kind. */
export type Counts = Readonly<Record<Kind, number>>;

/** A row and its change. */
export interface Change {
  readonly kind: Kind;
  readonly key: string;
  readonly row: Readonly<Record<string, unknown>>;
}

/** The result of comparing. */
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
  /** The checked address of the host: connections go there. */
  readonly address: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  readonly tls: 'none' | 'unverified' | 'verified';
}

/** The input of comparing. */
export interface Job {
  /** A readable file, which is the table `rows` of the query; or the database that runs the query. */
  readonly from: { readonly file: string } | { readonly database: Database };
  readonly query?: string;
  readonly key: string;
  /** Columns in the settings besides the key. */
  readonly named: readonly string[];
  /** The timeout in milliseconds. */
  readonly most: number;
  readonly last?: LastResult;
  /** The folder of all files, and where the result is written. */
  readonly folder: string;
  readonly out: string;
  readonly memoryMb: number;
}

/** The final message of the process. */
export type Said =
  { readonly compared: Compared } | { readonly failure: { readonly code: string; readonly message: string } };

/** The file of the changes, one line of JSON each. */
export const CHANGES = 'changes.jsonl';

/** The supported version of DuckDB. */
export const DUCKDB = '@duckdb/node-api@1.5.6-r.1';
