/** Largest event, in bytes of its JSON: the limit of Segment's tracking API. */
export const MAX_EVENT_BYTES = 32 * 1024;

/** Most events that are handed over at once: the limit of Segment's tracking API. */
export const MAX_BATCH_EVENTS = 2_500;
