import type { Event } from '@waybill/core';
import { savedItems } from '../saved-items.ts';

/** A saved event with a name, to try mappings on. */
export interface Fixture {
  readonly name: string;
  readonly event: Event;
}

/**
 * The saved events in this browser. They are not stored with the mapping: an event contains personal data, and the workspace goes
 * into exports, versions and back-ups, which a deletion would not reach.
 */
export const fixtures = savedItems<Fixture>(
  'waybill.fixtures',
  ({ event }) => typeof event === 'object' && event !== null && typeof event.messageId === 'string',
);
