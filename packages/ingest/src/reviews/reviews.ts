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

/** A review of a product. */
export interface Review {
  /** 1 to 5. */
  readonly rating: number;
  readonly title?: string;
  readonly body?: string;
}

/** Why a link, or its review, is refused. */
export interface ReviewFailure {
  readonly code: ErrorCode;
  readonly message?: string;
  readonly issues?: readonly Issue[];
}

/** Reviews by signed links. */
export interface Reviews {
  /** Returns the product of a link. */
  look(processor: string, token: string): Promise<ReviewLink | { readonly failure: ReviewFailure }>;
  /** Records a review, once per link. */
  take(
    processor: string,
    token: string,
    review: Review,
    origin: { readonly path: string },
  ): Promise<ReviewLink | { readonly failure: ReviewFailure }>;
}

/** The inputs of reviews. */
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

/** The owner of the used links. */
const OWNER = 'reviews';
/** The number of expired used links that each review removes. */
const FORGOTTEN_AT_ONCE = 20;
const USED = new Uint8Array([1]);

/** Accepts reviews by link. Used links are written in the transaction of their events. */
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
  /** If other processes accept reviews too, each releases the lease after every one. */
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
  /** The current identity of the reviewer: a guest may have an account by now. */
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
        // A person whose data was erased is no longer known.
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

/** The key of a link, without its content. */
function keyOf(processor: string, token: string): string {
  return createHash('sha256')
    .update(JSON.stringify([processor, token]))
    .digest('base64url')
    .slice(0, 27);
}
