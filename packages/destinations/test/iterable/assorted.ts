import type { Event } from '@waybill/core';
import type { ProjectType } from '@waybill/iterable-sandbox';

import { event } from '../harness.ts';

/** The kinds of invalid items among the valid ones. */
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

/** What is deliberately wrong with an event. */
export type BadKind = (typeof BAD_KINDS)[number];

/** Options of the generator. */
export interface Assortment {
  readonly projectType: ProjectType;
  readonly users: number;
  /** The share of invalid events, 0 to 1. */
  readonly bad: number;
  /** Numbers from 0 to 1, the same in every run. */
  readonly random: () => number;
}

/** The maximum bytes of a call in this test; "large" items exceed it. */
export const MOST_BYTES = 400_000;

/** A seeded generator of numbers. */
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

/** Users who are deleted before the run. */
export const GONE = [0, 1, 2].map((index) => ({
  userId: `gone-${index}`,
  email: `gone-${index}@example.com`,
}));

/** The first values, which fix the types. */
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

/** One event; `seq` in its data identifies it. */
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
