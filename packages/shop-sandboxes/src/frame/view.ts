import type { Change, Kind, Random, ShopModel, Traits } from '../model/index.ts';
import type { ShopAnswer, ShopRequest } from './http.ts';

/** A request that a platform makes to a webhook. */
export interface Delivery {
  /** The same for every attempt. */
  readonly id: string;
  /** The request of an attempt at this moment: signatures carry the time. */
  readonly request: (at: number) => {
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  };
}

/** A shop as one platform shows it. */
export interface PlatformView {
  /** What a source needs to be set to, to be connected with this shop. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Answers a request to the API. */
  readonly handle: (request: ShopRequest) => ShopAnswer | Promise<ShopAnswer>;
  /** The requests to webhooks that a change leads to, in their order. */
  readonly deliveriesOf: (change: Change) => readonly Delivery[];
  /** Milliseconds before each further attempt of a delivery that failed. */
  readonly retries: readonly number[];
  /** After the last attempt: some platforms turn the webhook off. */
  readonly gaveUp?: (delivery: Delivery) => void;
  /** What an error of the server looks like. */
  readonly failure?: (status: number) => ShopAnswer;
}

/** What a view is made of. */
export interface ViewContext {
  readonly model: ShopModel;
  /** Where the shop is reached: "http://127.0.0.1:7100". */
  readonly url: () => string;
  /** The time of the world, which signatures and tokens go by; the shop's own is `model.clock`. */
  readonly now: () => number;
  readonly random: Random;
  /** Where webhooks go from the beginning; others are registered by the API. */
  readonly webhookUrl?: string;
  /** Whether the platform's limits hold. */
  readonly limits: boolean;
  /** To be called with the rows of a page before it is given: fails when a row is set to spoil it. */
  readonly spoil: (kind: Kind, rows: readonly { readonly id: number }[]) => void;
  /** How many calls a token is good for, when that is set. */
  readonly tokenCalls: () => number | undefined;
}

/** A platform: in what its shops differ, and how they look. */
export interface ShopPlatform {
  readonly slug: string;
  readonly name: string;
  readonly traits: Traits;
  readonly open: (context: ViewContext) => PlatformView;
}
