import type { PageData, TryInput } from '@waybill/definitions';

/** The data of the thread of the destination. */
export interface ThreadData {
  /** The file of the destination, or the name of a built-in one. */
  readonly module: string;
  /** The folder to watch for changes; absent for a built-in one. */
  readonly watch?: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** A question to the thread. */
export type Question =
  | { readonly id: number; readonly kind: 'try'; readonly input: TryInput }
  | { readonly id: number; readonly kind: 'connection'; readonly settings: TryInput['settings'] };

/** A message of the thread: first whether it loaded, then answers. */
export type Said =
  | { readonly kind: 'loaded'; readonly shown: PageData }
  | { readonly kind: 'broken'; readonly message: string }
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string };
