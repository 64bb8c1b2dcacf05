import type { ShopSettings } from '@waybill/core';

/** Of which shop a change is, and how its events are to be made. */
export interface ChangeContext {
  /** The platform, as events name it: `bigcommerce`. */
  readonly platform: string;
  /** The id of the source in the workspace: ids of events begin with platform and source. */
  readonly source: string;
  readonly settings: ShopSettings;
  /** Epoch milliseconds: the time of what the shop gives no time for. */
  readonly now: number;
}
