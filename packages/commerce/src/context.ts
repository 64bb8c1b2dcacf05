import type { ShopKind, ShopSettings, ShopStates } from '@waybill/core';

/** Of which shop a change is, and how its events are to be made. */
export interface ChangeContext {
  /** The platform, as events name it: `bigcommerce`. */
  readonly platform: string;
  /** The id of the source in the workspace: ids of events begin with platform and source. */
  readonly source: string;
  readonly settings: ShopSettings;
  /** Epoch milliseconds: the time of what the shop gives no time for. */
  readonly now: number;
  /**
   * What else is known of the shop: of the things that `referencesOf` names. With it, an order names its customer as they are now,
   * and its lines have pictures and categories. Without it, events carry what the order itself says.
   */
  readonly known?: Known;
}

/** The kept state of a thing, if there is one. */
export type Known = <K extends ShopKind>(kind: K, id: string) => ShopStates[K] | undefined;
