import type { ShopKind, ShopSettings, ShopStates } from '@waybill/core';

/** The shop of a change, and how its events are created. */
export interface ChangeContext {
  /** The platform, as in events: `bigcommerce`. */
  readonly platform: string;
  /** The id of the source in the workspace: ids of events begin with platform and source. */
  readonly source: string;
  readonly settings: ShopSettings;
  /** Epoch milliseconds: the time of changes without one. */
  readonly now: number;
  /**
   * Other known states of the shop: those that `referencesOf` names. With them, an order has its current customer, and its
   * items have pictures and categories. Without them, events contain only what the order has.
   */
  readonly known?: Known;
}

/** Returns the stored state of an object, if there is one. */
export type Known = <K extends ShopKind>(kind: K, id: string) => ShopStates[K] | undefined;
