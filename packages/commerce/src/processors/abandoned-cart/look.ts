import type { DerivedEvent } from '@waybill/core';
import { latest } from '../dated.ts';
import { valueOf } from '../products.ts';
import { unreachedBecause } from '../reach.ts';
import type { Cart, Reminded, Run } from './cart.ts';
import { NAMELESS } from './fact.ts';
import type { Person } from './person.ts';
import type { events } from './settings.ts';
import { dueOf, type Rules, type View, viewOf } from './view.ts';

/** A derived event of a cart. */
export type CartEvent = DerivedEvent<typeof events>;

/** The result of a check of a person. */
export interface Looked {
  readonly person: Person;
  readonly events: readonly CartEvent[];
  readonly notes: readonly string[];
}

/** Runs what is due for the carts of a person. */
export function look(person: Person, now: number, rules: Rules): Looked {
  const made: CartEvent[] = [];
  const notes: string[] = [];
  const carts = person.carts.map((cart) => {
    let looked = cart;
    for (;;) {
      const view = viewOf(person, looked, rules);
      const due = dueOf(view, rules);
      if (due === undefined || due > now) return looked;
      const done = act({ person, view, due, now, rules });
      if (done.event !== undefined) made.push(done.event);
      notes.push(done.note);
      looked = { ...looked, reminded: done.reminded };
    }
  });
  const after = { ...person, carts };
  const openOf = (id: string): number => carts.filter((one) => one.id !== id && isUnderWay(one)).length;
  return {
    person: after,
    notes,
    events: made.map((one) =>
      one.event === 'Abandoned Cart Ended'
        ? {
            ...one,
            properties: { ...one.properties, open_carts: openOf(one.properties.cart_id ?? NAMELESS) },
          }
        : one,
    ),
  };
}

function isUnderWay({ reminded }: Cart): boolean {
  return reminded !== undefined && reminded.sent > 0 && reminded.ended !== true;
}

interface Due {
  readonly person: Person;
  readonly view: View;
  readonly due: number;
  readonly now: number;
  readonly rules: Rules;
}

interface Done {
  readonly reminded: Reminded;
  readonly event?: CartEvent;
  readonly note: string;
}

function act(at: Due): Done {
  const { person, view, rules } = at;
  if (view.over !== undefined) return ended(view.over, view.cart, reasonOf(person, view, view.over));
  const reminded = view.reminded!;
  if (reminded.steps >= rules.delays.length) return ended(reminded, view.cart, 'done');
  const step = reminded.steps + 1;
  const left = leftBecause(at);
  const name = nameOf(view.cart);
  if (left !== undefined)
    return { reminded: { ...reminded, steps: step }, note: `Step ${step} of ${name} is left out: ${left}.` };
  // The time between two steps stays, even if the first was late.
  const from = Math.max(reminded.from, at.now - rules.delays[reminded.steps]!);
  return {
    reminded: { ...reminded, from, steps: step, sent: step },
    event: stepEvent(at, reminded, step),
    note: `Step ${step} of ${name} is sent.`,
  };
}

type Reason = 'ordered' | 'changed' | 'emptied' | 'done';

function reasonOf({ orderedAt }: Person, { cart, run }: View, { at }: Reminded): Reason {
  const last = latest(cart.orderedAt, orderedAt);
  if (last !== undefined && last >= at) return 'ordered';
  return run === undefined || Object.keys(run.pieces).length === 0 ? 'emptied' : 'changed';
}

function ended(reminded: Reminded, cart: Cart, reason: Reason): Done {
  return {
    reminded: { ...reminded, ended: true },
    event: {
      event: 'Abandoned Cart Ended',
      key: `${versionOf(cart, reminded)} ended`,
      properties: {
        ...cartIdIn(cart),
        reason,
        step: reminded.sent,
        abandoned_at: new Date(reminded.leftAt).toISOString(),
        open_carts: 0,
      },
    },
    note: `The reminders of ${nameOf(cart)} have ended: ${reason}.`,
  };
}

/** Returns why a step is not sent; undefined when it is sent. */
function leftBecause({ person, view, due, now, rules }: Due): string | undefined {
  const { minimumValue } = rules;
  if (now - due > rules.latest) return `it was due at ${new Date(due).toISOString()}, too long ago`;
  const unreached = unreachedBecause(person, rules);
  if (unreached !== undefined) return unreached;
  const { value } = worthOf(view.cart, view.run!);
  if (minimumValue > 0 && !(value !== undefined && value >= minimumValue))
    return value === undefined ? 'its value is unknown' : `its value is only ${value}`;
  return undefined;
}

function stepEvent({ view: { cart, run }, rules }: Due, reminded: Reminded, step: number): CartEvent {
  const url = cart.link?.[1] ?? templated(rules.returnUrl, cart.id);
  return {
    event: 'Abandoned Cart Step',
    key: `${versionOf(cart, reminded)} step ${step}`,
    properties: {
      ...cartIdIn(cart),
      step,
      steps: rules.delays.length,
      abandoned_at: new Date(reminded.leftAt).toISOString(),
      products: productsOf(cart, run!).map(({ quantity, product }) => ({ ...product, quantity })),
      ...worthOf(cart, run!),
      ...(url === undefined ? {} : { return_url: url }),
    },
  };
}

function productsOf({ products }: Cart, { pieces }: Run) {
  return Object.entries(pieces).flatMap(([key, quantity]) => {
    const known = products[key];
    return known === undefined ? [] : [{ quantity, product: known[1] }];
  });
}

/** Returns the value of a cart: from its events, else from the prices of its products. */
function worthOf(cart: Cart, run: Run): { readonly value?: number; readonly currency?: string } {
  const { currency } = run;
  const lines = productsOf(cart, run);
  const isWhole = lines.length === Object.keys(run.pieces).length;
  const value = run.value ?? (isWhole ? valueOf(lines, currency ?? '') : undefined);
  return { ...(value === undefined ? {} : { value }), ...(currency === undefined ? {} : { currency }) };
}

/**
 * Names contents of a cart permanently: the name includes the event that set them, so that the same contents later have another
 * name.
 */
function versionOf({ id }: Cart, reminded: Reminded): string {
  return JSON.stringify([id, reminded.id]);
}

function cartIdIn({ id }: Cart): { readonly cart_id?: string } {
  return id === NAMELESS ? {} : { cart_id: id };
}

function nameOf({ id }: Cart): string {
  return id === NAMELESS ? 'the cart' : `cart ${id}`;
}

function templated(template: string | undefined, id: string): string | undefined {
  if (template === undefined || id === NAMELESS) return undefined;
  return template.replaceAll('{{cart_id}}', () => encodeURIComponent(id));
}
