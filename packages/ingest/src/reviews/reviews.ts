import { createHash } from 'node:crypto';
import type { ErrorCode, Issue } from '@waybill/core';
import { readReviewLink, type ReviewLink, reviewRequests } from '@waybill/commerce';
import type { Log } from '@waybill/delivery';
import type { Elsewhere } from '../elsewhere.ts';
import type { Intake } from '../intake/intake.ts';
import { createQueue } from '../loop.ts';
import { createOwner } from '../owner.ts';
import type { Processors } from '../processors/processors.ts';
import type { Links } from './links.ts';

/** What somebody says of a product. */
export interface Review {
  /** 1 to 5. */
  readonly rating: number;
  readonly title?: string;
  readonly body?: string;
}

/** Why a link, or what was sent with it, does not count. */
export interface ReviewFailure {
  readonly code: ErrorCode;
  readonly message?: string;
  readonly issues?: readonly Issue[];
}

/** Reviews that come by a signed link. */
export interface Reviews {
  /** What a link is for. */
  look(processor: string, token: string): Promise<ReviewLink | { readonly failure: ReviewFailure }>;
  /** Records a review, once for each link. */
  take(
    processor: string,
    token: string,
    review: Review,
    origin: { readonly path: string },
  ): Promise<ReviewLink | { readonly failure: ReviewFailure }>;
}

/** What it takes. */
export interface ReviewsInput {
  readonly log: Pick<Log, 'owners' | 'append' | 'carried' | 'timers'>;
  readonly intake: Pick<Intake, 'carry'>;
  readonly processors: Pick<Processors, 'of'>;
  readonly links: Links;
  readonly holder: string;
  readonly elsewhere?: Elsewhere | undefined;
  readonly now: () => number;
}

/** The type of processor whose links lead to reviews. */
export const REVIEW_PROCESSOR = reviewRequests.slug;

/** Who keeps which links were used. */
const OWNER = 'reviews';
/** Used links that have expired, of which each review removes some: they need not be remembered. */
const FORGOTTEN_AT_ONCE = 20;
const USED = new Uint8Array([1]);

/** Takes reviews that come by a link. Which were used is written in the transaction of their events. */
export function createReviews(input: ReviewsInput): Reviews {
  const { log, intake, links, now } = input;
  const alone = createQueue();
  const owner = createOwner({
    name: OWNER,
    holder: input.holder,
    log: input.elsewhere ?? log,
    now,
    onTaken: () => Promise.resolve(),
  });
  /** Where other processes take reviews too, each leaves them the right to after every one. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> =>
    alone(() => (input.elsewhere === undefined ? work() : work().finally(() => owner.release())));
  const isUsed = async (key: string): Promise<boolean> => (await log.carried(OWNER, [key])).state.has(key);

  const look: Reviews['look'] = async (processor, token) => {
    const text = links.open(processor, token);
    const link = text === undefined ? undefined : readReviewLink(text);
    if (link === undefined) return { failure: { code: 'review_link_invalid' } };
    if (link.expiresAt <= now()) return { failure: { code: 'review_link_expired' } };
    if (await isUsed(keyOf(processor, token))) return { failure: { code: 'review_link_used' } };
    return link;
  };
  /** Who followed the link, as they are known by now: a guest may have an account. */
  const whoOf = async (processor: string, person: string) => {
    for (const run of input.processors.of(processor)) {
      const row = await run.user(person);
      if (row !== undefined) return { who: row.who, key: row.key };
    }
    return undefined;
  };
  return {
    look,
    take: (processor, token, review, { path }) =>
      inTurn(async () => {
        const link = await look(processor, token);
        if ('failure' in link) return link;
        const found = await whoOf(processor, link.person);
        // Who had everything removed that is kept of them is nobody any more.
        if (found === undefined) return { failure: { code: 'review_link_invalid' } };
        const lease = await owner.lease();
        if (lease === undefined) return { failure: { code: 'server_overloaded' } };
        const { email, ...ids } = found.who;
        const id = keyOf(processor, token);
        const event = {
          type: 'track',
          event: 'Product Reviewed',
          messageId: `review-${id}`,
          ...(found.key.startsWith('u:') ? { userId: found.key.slice(2) } : {}),
          ...ids,
          properties: {
            review_id: id,
            product_id: link.productId,
            order_id: link.orderId,
            rating: review.rating,
            ...(review.title === undefined ? {} : { review_title: review.title }),
            ...(review.body === undefined ? {} : { review_body: review.body }),
          },
          context: email === undefined ? {} : { traits: { email } },
        };
        const gone = await log.timers(OWNER, { dueBy: now(), limit: FORGOTTEN_AT_ONCE });
        const taken = await intake.carry(
          [event],
          { source: { id: processor }, path },
          {
            lease,
            state: [{ key: id, value: USED }, ...gone.map(({ key }) => ({ key }))],
            timers: [
              { key: id, due: link.expiresAt, value: USED },
              ...gone.map(({ key, due }) => ({ key, due })),
            ],
          },
        );
        if (taken === 'stale') {
          owner.lost();
          return { failure: { code: 'server_overloaded' } };
        }
        const [refused] = taken.refused;
        if (refused === undefined) return link;
        return { failure: { code: refused.issues[0]!.code as ErrorCode, issues: refused.issues } };
      }),
  };
}

/** A link without what is in it. */
function keyOf(processor: string, token: string): string {
  return createHash('sha256')
    .update(JSON.stringify([processor, token]))
    .digest('base64url')
    .slice(0, 27);
}
