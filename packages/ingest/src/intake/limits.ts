/** The maximum size of an event, in bytes of its JSON: the limit of Segment's tracking API. */
export const MAX_EVENT_BYTES = 32 * 1024;

/** The maximum number of events of a request: the limit of Segment's tracking API. */
export const MAX_BATCH_EVENTS = 2_500;
