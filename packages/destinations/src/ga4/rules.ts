import { type Rejected, rejected } from '@waybill/core';

import type { JsonObject } from '../http/json.ts';

/*
 * The published limits of the Measurement Protocol. Google answers 204 to events that break them and drops what it cannot use,
 * so they are checked here.
 */

/** The published limits. */
export const LIMITS = {
  eventName: 40,
  params: 25,
  paramName: 40,
  paramValue: 100,
  items: 200,
  itemParams: 27,
  userProperties: 25,
  userPropertyName: 24,
  userPropertyValue: 36,
  userId: 256,
  bodyBytes: 130_000,
  /** The maximum age of an event, in milliseconds. */
  age: 72 * 3_600_000,
} as const;

const NAME = /^[A-Za-z][A-Za-z0-9_]*$/;
const RESERVED_PREFIX = /^(_|firebase_|ga_|google_|gtag\.)/i;

/** Event names that Google reserves. */
const RESERVED_EVENTS = new Set(
  (
    'ad_activeview ad_click ad_exposure ad_query ad_reward adunit_exposure app_background app_clear_data app_exception app_remove ' +
    'app_store_refund app_store_subscription_cancel app_store_subscription_convert app_store_subscription_renew app_update ' +
    'app_upgrade dynamic_link_app_open dynamic_link_app_update dynamic_link_first_open error firebase_campaign ' +
    'firebase_in_app_message_action firebase_in_app_message_dismiss firebase_in_app_message_impression first_open first_visit ' +
    'in_app_purchase notification_dismiss notification_foreground notification_open notification_receive notification_send ' +
    'os_update screen_view session_start user_engagement'
  ).split(' '),
);

const RESERVED_USER_PROPERTIES = new Set(
  'first_open_time first_visit_time last_deep_link_referrer user_id first_open_after_install'.split(' '),
);

/** Parameters with separate limits. */
const OWN_LIMITS = new Set(['items', 'session_id', 'engagement_time_msec']);

/** Returns which rule an event breaks, or undefined. */
export function problemOf(name: string, params: JsonObject): Rejected | undefined {
  return eventProblem(name) ?? paramsProblem(params) ?? itemsProblem(params['items']);
}

function eventProblem(name: string): Rejected | undefined {
  if (name.length > LIMITS.eventName || !NAME.test(name)) {
    const message = `"${name.slice(0, 60)}" is not a valid event name: at most ${LIMITS.eventName} letters, digits and underscores, starting with a letter.`;
    return rejected('payload_invalid_format', message, 'name');
  }
  if (RESERVED_EVENTS.has(name) || RESERVED_PREFIX.test(name))
    return rejected('payload_invalid_format', `Google reserves the name "${name}".`, 'name');
  return undefined;
}

function paramsProblem(params: JsonObject): Rejected | undefined {
  const names = Object.keys(params);
  if (names.length > LIMITS.params)
    return rejected('payload_out_of_range', `An event has at most ${LIMITS.params} parameters.`, 'params');
  for (const name of names) {
    const wrong = nameProblem(name, `params.${name}`);
    if (wrong !== undefined) return wrong;
    if (typeof params[name] === 'object' && !OWN_LIMITS.has(name))
      return rejected(
        'payload_wrong_type',
        `The parameter "${name}" is neither a string nor a number.`,
        `params.${name}`,
      );
  }
  return undefined;
}

function itemsProblem(items: unknown): Rejected | undefined {
  if (!Array.isArray(items)) return undefined;
  if (items.length > LIMITS.items)
    return rejected('payload_out_of_range', `An event has at most ${LIMITS.items} items.`, 'items');
  for (const [index, item] of (items as readonly JsonObject[]).entries()) {
    const at = `items[${index}]`;
    if (item['item_id'] === undefined && item['item_name'] === undefined)
      return rejected('payload_required', 'An item needs an ID or a name.', `${at}.item_id`);
    const names = Object.keys(item);
    if (names.length > LIMITS.itemParams)
      return rejected('payload_out_of_range', `An item has at most ${LIMITS.itemParams} parameters.`, at);
    for (const name of names) {
      const wrong = nameProblem(name, `${at}.${name}`);
      if (wrong !== undefined) return wrong;
    }
  }
  return undefined;
}

function nameProblem(name: string, field: string): Rejected | undefined {
  if (name.length <= LIMITS.paramName && NAME.test(name) && !RESERVED_PREFIX.test(name)) return undefined;
  const message = `"${name.slice(0, 60)}" is not a valid parameter name: at most ${LIMITS.paramName} letters, digits and underscores, starting with a letter, and none of the prefixes that Google reserves.`;
  return rejected('payload_invalid_format', message, field);
}

/** Returns which rule user properties break, or undefined. */
export function userPropertiesProblem(properties: JsonObject): Rejected | undefined {
  const names = Object.keys(properties);
  if (names.length > LIMITS.userProperties) {
    const message = `There are at most ${LIMITS.userProperties} user properties.`;
    return rejected('payload_out_of_range', message, 'userProperties');
  }
  const bad = names.find(
    (name) =>
      name.length > LIMITS.userPropertyName ||
      !NAME.test(name) ||
      RESERVED_PREFIX.test(name) ||
      RESERVED_USER_PROPERTIES.has(name),
  );
  if (bad === undefined) return undefined;
  const message = `"${bad.slice(0, 60)}" is not a valid user property name: at most ${LIMITS.userPropertyName} letters, digits and underscores, and none that Google reserves.`;
  return rejected('payload_invalid_format', message, `userProperties.${bad}`);
}

/** Cuts strings to Google's limits; calls `cut` for each. */
export function fitting(values: JsonObject, most: number, cut: (name: string) => void): JsonObject {
  const entries = Object.entries(values).map(([name, value]): readonly [string, unknown] => {
    if (typeof value !== 'string' || value.length <= most) return [name, value];
    cut(name);
    return [name, value.slice(0, most)];
  });
  return Object.fromEntries(entries);
}
