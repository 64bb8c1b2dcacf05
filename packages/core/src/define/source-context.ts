import type { SendContext } from './action.ts';

/** What the functions of a source receive: one small object, passed whole. */
export interface SourceContext<S = unknown> extends Pick<SendContext<S>, 'settings' | 'request' | 'now'> {
  /** What the source remembers, such as a token, until its settings change or the process ends. */
  readonly memory: Map<string, unknown>;
  /** The source and its files; absent where there is no folder. */
  readonly place?: SourcePlace;
}

/** Where a source may store files, and which files it may read. */
export interface SourcePlace {
  /** The id of the source in the workspace. */
  readonly id: string;
  readonly folder: string;
  /** Folders whose files the operator lets sources read. */
  readonly files: readonly string[];
  /** Resolves a host; refuses internal addresses that the operator does not allow. */
  readonly reach: (host: string, port: number) => Promise<Reached>;
  /** A note for the reader of the source, in any process; the latest one stays. */
  readonly note: SourceNote;
  /** What every process of the store can read. Absent where only one has the store: its folder is enough. */
  readonly values?: SourceValues;
}

/** A note that stays until another one replaces it. */
export interface SourceNote {
  read(): Promise<string | undefined>;
  leave(text: string): Promise<void>;
}

/** A value of a source; without one, the key is forgotten. */
export interface SourceValue {
  readonly key: string;
  readonly value?: Uint8Array;
}

/** Values of a source in the store. */
export interface SourceValues {
  /** Those of some keys; absent ones are left out. */
  readonly read: (keys: readonly string[]) => Promise<ReadonlyMap<string, Uint8Array>>;
  /** Writes all of them, or rejects when another process now reads the source. Absent for processes that do not read it. */
  readonly write?: (values: readonly SourceValue[]) => Promise<void>;
}

/** The IP address to connect to for a host, or why there is none. */
export type Reached =
  | { readonly address: string; readonly refused?: undefined }
  | { readonly refused: 'forbidden' | 'unknown'; readonly message: string };

/** A request to the webhook of a source, unchanged. */
export interface WebhookRequest {
  readonly method: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  /** The bytes that a signature covers. */
  readonly body: Uint8Array;
}
