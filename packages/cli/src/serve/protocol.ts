import type { PageData, TryInput } from '@waybill/definitions';

/** What the thread of the destination is started with. */
export interface ThreadData {
  /** The file of the destination, or the name of a built-in one. */
  readonly module: string;
  /** The folder to watch for changes; absent for one of ours. */
  readonly watch?: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** What the thread is asked. */
export type Question =
  | { readonly id: number; readonly kind: 'try'; readonly input: TryInput }
  | { readonly id: number; readonly kind: 'connection'; readonly settings: TryInput['settings'] };

/** What the thread says: first whether it loaded, then answers. */
export type Said =
  | { readonly kind: 'loaded'; readonly shown: PageData }
  | { readonly kind: 'broken'; readonly message: string }
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string };
