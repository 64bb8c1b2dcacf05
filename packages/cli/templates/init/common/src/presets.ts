import { definePreset } from '@waybill/core';

/** The automatic mappings of a new instance. */
export const presets = [
  definePreset({
    slug: 'events',
    name: 'Events',
    type: 'automatic',
    action: 'sendEvent',
    trigger: 'type = "track"',
    mapping: {
      id: { '@path': '$.messageId' },
      name: { '@path': '$.event' },
      userId: { '@path': '$.userId' },
      time: { '@path': '$.timestamp' },
      properties: { '@path': '$.properties' },
    },
  }),
  definePreset({
    slug: 'profiles',
    name: 'Profiles',
    type: 'automatic',
    action: 'upsertProfile',
    trigger: 'type = "identify"',
    mapping: {
      userId: { '@path': '$.userId' },
      email: { '@path': '$.traits.email' },
      traits: { '@path': '$.traits' },
    },
  }),
];
