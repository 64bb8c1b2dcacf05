import type { Change, Kind, Random, ShopModel, Traits } from '../model/index.ts';
import type { ShopAnswer, ShopRequest } from './http.ts';

/** A request that a platform makes to a webhook. */
export interface Delivery {
  /** The same for every attempt. */
  readonly id: string;
  /** The request of an attempt now: signatures contain the time. */
  readonly request: (at: number) => {
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  };
}

/** A platform's view of a shop. */
export interface PlatformView {
  /** The settings of a source that connects to this shop. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Answers a request to the API. */
  readonly handle: (request: ShopRequest) => ShopAnswer | Promise<ShopAnswer>;
  /** Returns the webhook requests of a change, in order. */
  readonly deliveriesOf: (change: Change) => readonly Delivery[];
  /** The delays before further attempts of a failed delivery, in milliseconds. */
  readonly retries: readonly number[];
  /** Called after the last attempt: some platforms disable the webhook. */
  readonly gaveUp?: (delivery: Delivery) => void;
  /** Returns a server error of the platform. */
  readonly failure?: (status: number) => ShopAnswer;
}

/** The inputs of a view. */
export interface ViewContext {
  readonly model: ShopModel;
  /** The URL of the shop: "http://127.0.0.1:7100". */
  readonly url: () => string;
  /** The real time, used by signatures and tokens; the shop's own is `model.clock`. */
  readonly now: () => number;
  readonly random: Random;
  /** The initial webhook URL; others are registered by the API. */
  readonly webhookUrl?: string;
  /** Whether the platform's limits apply. */
  readonly limits: boolean;
  /** Call it with the rows of a page: throws when a row is set to make it fail. */
  readonly spoil: (kind: Kind, rows: readonly { readonly id: number }[]) => void;
  /** The number of calls for which a token is valid, if set. */
  readonly tokenCalls: () => number | undefined;
}

/** A platform: its traits and its view. */
export interface ShopPlatform {
  readonly slug: string;
  readonly name: string;
  readonly traits: Traits;
  readonly open: (context: ViewContext) => PlatformView;
}
