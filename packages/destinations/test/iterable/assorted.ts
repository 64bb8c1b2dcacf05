import type { Event } from '@waybill/core';
import type { ProjectType } from '@waybill/iterable-sandbox';

import { event } from '../harness.ts';

/** The kinds of bad items that are strewn among the good ones. */
export const BAD_KINDS = [
  'type',
  'forgotten',
  'address',
  'long user ID',
  'nobody',
  'name',
  'line',
  'conflict',
  'unknown',
  'field',
  'large',
] as const;

/** What is wrong with an event on purpose. */
export type BadKind = (typeof BAD_KINDS)[number];

/** What is generated. */
export interface Assortment {
  readonly projectType: ProjectType;
  readonly users: number;
  /** Which part of the events is bad, 0 to 1. */
  readonly bad: number;
  /** Numbers from 0 to 1, the same at every run. */
  readonly random: () => number;
}

/** The most bytes of a call while an assortment is played; what is "large" is larger. */
export const MOST_BYTES = 400_000;

/** Numbers that are the same at every run. */
export function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** The user with a number. */
export function person(index: number): { readonly userId: string; readonly email: string } {
  return { userId: `u-${index}`, email: `u-${index}@example.com` };
}

/** Those who are forgotten before anything else is played. */
export const GONE = [0, 1, 2].map((index) => ({
  userId: `gone-${index}`,
  email: `gone-${index}@example.com`,
}));

/** What everything is compared with: the first values, which fix the types. */
export function firstEvents({ users }: Pick<Assortment, 'users'>): readonly Event[] {
  const everybody = [...Array.from({ length: users }, (_none, index) => person(index)), ...GONE];
  const fixed = { score: 0.5, seq: 0 };
  const { userId, email } = person(0);
  const visits = ['Seen', 'Liked'].map((name) =>
    event({ type: 'track', event: name, userId, properties: { score: 0.5, seq: 0, email } }),
  );
  return [
    ...everybody.map((one) =>
      event({ type: 'identify', userId: one.userId, traits: { ...fixed, email: one.email } }),
    ),
    ...visits,
  ];
}

/** One event; `seq` among its data is how it is found again. */
export function assorted(seq: number, { projectType, users, bad, random }: Assortment): Event {
  const pick = <T>(...choices: readonly T[]): T => choices[Math.floor(random() * choices.length)]!;
  const kind: BadKind | undefined =
    random() < bad ? (random() < 0.01 ? 'large' : pick(...BAD_KINDS.slice(0, -1))) : undefined;
  const who = kind === 'forgotten' ? pick(...GONE) : person(Math.floor(random() * users));
  const shape = random();
  const userId =
    kind === 'nobody' || kind === 'address'
      ? undefined
      : kind === 'long user ID'
        ? 'x'.repeat(60)
        : kind === 'unknown' && projectType === 'email'
          ? `stranger-${seq}`
          : who.userId;
  const email =
    kind === 'nobody' || kind === 'long user ID' || (kind === 'unknown' && projectType === 'email')
      ? undefined
      : kind === 'address'
        ? pick('zoë@example.com', 'ada@')
        : kind === 'conflict'
          ? person((Number(who.userId.slice(2)) + 1) % users).email
          : who.email;
  const ids = { anonymousId: 'visitor', ...(userId === undefined ? {} : { userId }) };
  const data = {
    seq,
    score: kind === 'type' ? pick('high', 'low') : seq + 0.5,
    ...(kind === 'field' ? { [`extra_${seq}`]: 1 } : {}),
    ...(kind === 'large' ? { text: 'x'.repeat(MOST_BYTES) } : {}),
    ...(email === undefined ? {} : { email }),
  };
  if (kind === 'line' || shape < 0.04) {
    const line = {
      product_id: 'tea',
      name: 'Tea',
      price: 4.5,
      quantity: 1,
      ...(kind === 'line' ? { price: 'dear' } : {}),
    };
    return event({
      type: 'track',
      event: 'Order Completed',
      ...ids,
      properties: { ...data, order_id: `o-${seq}`, total: 4.5, products: [line] },
    });
  }
  if (kind === 'conflict' || shape < 0.4) return event({ type: 'identify', ...ids, traits: data });
  const name = kind === 'name' ? 'Internal' : pick('Seen', 'Liked');
  return event({ type: 'track', event: name, ...ids, properties: data });
}
