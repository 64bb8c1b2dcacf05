import { defineProcessor, type Payload, type Progress } from '@waybill/core';
import { looksAfter, looksAt, putOff } from '../looks.ts';
import { perSettings } from '../per-settings.ts';
import { REACH_EVENTS } from '../reach.ts';
import { CART_EVENTS } from './fact.ts';
import { look } from './look.ts';
import { isNobody, joinedPersons, NOBODY, type Person, personAfter } from './person.ts';
import { events, settings } from './settings.ts';
import { nextOf, type Rules } from './view.ts';

const MINUTE = 60_000;

/** A processor that reports abandoned carts, step by step. */
export const abandonedCart = defineProcessor({
  slug: 'abandoned-cart',
  name: 'Abandoned Cart',
  description: 'Reports abandoned carts in steps, until they are ordered, changed or emptied.',
  settings,
  trigger: [REACH_EVENTS, ...[...CART_EVENTS, 'Order Completed'].map((name) => `event = "${name}"`)].join(
    ' or ',
  ),
  events,
  initial: (): Person => NOBODY,
  process(person, event, { settings: given, now, historical }) {
    const rules = rulesOf(given);
    const next = personAfter(person, event, { now, historical, channel: rules.channel });
    const due = nextOf(next, rules);
    const isLeft =
      event.event === 'Order Completed' &&
      (due === undefined || due === 0) &&
      nextOf(person, rules) !== undefined;
    const progress = { state: isNobody(next) ? undefined : next };
    const note = isLeft ? { note: 'Nothing more is sent: an order was placed.' } : undefined;
    // Historical events are processed when something else is due.
    if (historical) return { ...progress, ...note };
    return { ...progress, timers: looksAfter(due, now, rules.settle), ...note };
  },
  merge(person, { state }, { settings: given, now }) {
    const rules = rulesOf(given);
    const next = joinedPersons(person, state);
    return { state: next, timers: looksAfter(nextOf(next, rules), now, rules.settle) };
  },
  wake(person, timer, { settings: given, now }): Progress<Person, typeof events> {
    const rules = rulesOf(given);
    const later = putOff(timer, now, rules.settle);
    if (later !== undefined) return { state: person, timers: later };
    const { person: next, events: made, notes } = look(person, now, rules);
    return {
      state: next,
      events: made,
      timers: looksAt(nextOf(next, rules)),
      ...(notes.length === 0 ? {} : { note: notes.join(' ') }),
    };
  },
});

const rulesOf = perSettings((given: Payload<typeof settings>): Rules => {
  const { steps = [], abandonedBy = 'change', channel = 'none', returnUrl } = given;
  return {
    delays: [...new Set(steps)].sort((one, other) => one - other).map((minutes) => minutes * MINUTE),
    abandonedBy,
    channel,
    returnUrl,
    visitors: given.visitors === true,
    minimumValue: given.minimumValue ?? 0,
    latest: (given.latest ?? 0) * MINUTE,
    endAfter: (given.endAfter ?? 0) * MINUTE,
    settle: (given.settle ?? 0) * MINUTE,
  };
});
