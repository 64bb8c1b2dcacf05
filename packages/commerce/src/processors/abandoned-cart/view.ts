import { latest } from '../dated.ts';
import type { ReachRules } from '../reach.ts';
import { type Cart, lastRunOf, type Reminded, type Run } from './cart.ts';
import { isAfter, NAMELESS } from './fact.ts';
import type { Person } from './person.ts';

/** The settings for checks of carts; times in milliseconds. */
export interface Rules extends ReachRules {
  /** Delays of the steps, the shortest first. */
  readonly delays: readonly number[];
  readonly abandonedBy: string;
  readonly minimumValue: number;
  readonly returnUrl: string | undefined;
  readonly latest: number;
  readonly endAfter: number;
  readonly settle: number;
}

/** The current view of a cart. */
export interface View {
  readonly cart: Cart;
  /** Its contents; undefined when unknown. */
  readonly run: Run | undefined;
  /** Whether it has products that were neither ordered nor only historical. */
  readonly isOpen: boolean;
  /** The progress of its reminders; for the current contents if it is open. */
  readonly reminded: Reminded | undefined;
  /** Sent reminders of former contents, or of a finished cart. */
  readonly over: Reminded | undefined;
}

const DAY = 86_400_000;
/** How long a cart without an ID gives way to one with an ID. */
const GIVES_WAY = 30 * DAY;

/** Returns the current view of a cart. */
export function viewOf(person: Person, cart: Cart, { abandonedBy }: Pick<Rules, 'abandonedBy'>): View {
  const run = lastRunOf(cart, latest(cart.orderedAt, person.namelessAt));
  const orderedAt = latest(cart.orderedAt, person.orderedAt);
  const isOpen =
    run !== undefined &&
    Object.keys(run.pieces).length > 0 &&
    !run.past &&
    !(orderedAt !== undefined && orderedAt >= run.at) &&
    !(cart.id === NAMELESS && givesWay(person, run));
  const { reminded } = cart;
  const isCurrent = isOpen && reminded !== undefined && !isAfter(run, reminded);
  const isOver = reminded !== undefined && !isCurrent && reminded.sent > 0 && reminded.ended !== true;
  const base = isCurrent ? reminded : isOpen ? begun(cart, run, abandonedBy) : undefined;
  return { cart, run, isOpen, reminded: base, over: isOver ? reminded : undefined };
}

/** The initial reminders of new contents; undefined until the shop reports the cart as abandoned. */
function begun({ abandonedAt }: Cart, { at, id }: Run, abandonedBy: string): Reminded | undefined {
  const isSaid = abandonedAt !== undefined && abandonedAt >= at;
  if (abandonedBy === 'shop' && !isSaid) return undefined;
  const leftAt = abandonedBy === 'shop' ? abandonedAt! : at;
  return { at, id, leftAt, from: leftAt, steps: 0, sent: 0 };
}

/** Pages report the same cart without its ID: it must be reported once. */
function givesWay({ carts }: Person, { at }: Run): boolean {
  return carts.some(
    ({ id, facts }) => id !== NAMELESS && facts.length > 0 && facts.at(-1)!.at >= at - GIVES_WAY,
  );
}

/** Returns when a cart is due next, in epoch milliseconds; undefined when it is not. */
export function dueOf({ over, reminded }: View, { delays, endAfter }: Rules): number | undefined {
  if (over !== undefined) return 0;
  if (reminded === undefined || reminded.ended === true) return undefined;
  const delay = delays[reminded.steps];
  if (delay !== undefined) return reminded.from + delay;
  return reminded.sent > 0 ? reminded.from + (delays.at(-1) ?? 0) + endAfter : undefined;
}

/** Returns when a user is checked next. */
export function nextOf(person: Person, rules: Rules): number | undefined {
  let next: number | undefined;
  for (const cart of person.carts) {
    const due = dueOf(viewOf(person, cart, rules), rules);
    if (due !== undefined && (next === undefined || due < next)) next = due;
  }
  return next;
}
