/** The calls of the Segment spec; `@waybill/core` has them too, but is not loaded for a list of words. */
export const EVENT_TYPES = ['track', 'identify', 'page', 'screen', 'group', 'alias'] as const;
