import { EVENT_TYPES, type SchemaDocument } from '@waybill/core';

const id = { type: ['string', 'number', 'null'] };
const time = {
  description: 'An ISO 8601 time, or epoch milliseconds.',
  type: ['string', 'number', 'null'],
};
const object = { type: ['object', 'null'] };

const needs = (type: string, member: string, schema: object): object => ({
  if: { properties: { type: { const: type } }, required: ['type'] },
  then: { properties: { [member]: schema }, required: [member] },
});
const given = { type: ['string', 'number'], minLength: 1 };

/** Returns the schema of an event as the tracking API accepts it. */
export function eventSchema(): SchemaDocument {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Waybill event',
    description: 'A call of the Segment spec, as the tracking API accepts it. Other members are kept.',
    type: 'object',
    properties: {
      type: { enum: [...EVENT_TYPES], description: 'The type of the call.' },
      messageId: {
        type: ['string', 'number', 'null'],
        maxLength: 100,
        description: 'Identifies the event; a second event with the same messageId is a duplicate.',
      },
      userId: { ...id, description: 'Your own ID of the user.' },
      anonymousId: { ...id, description: 'The ID of a visitor who is not known yet.' },
      event: { type: ['string', 'null'], description: 'Name of a track event.' },
      name: { type: ['string', 'null'], description: 'Name of a page or screen.' },
      groupId: { ...id, description: 'The group of a group call.' },
      previousId: { ...id, description: 'The former ID of an alias call.' },
      properties: { ...object, description: 'Properties of the event.' },
      traits: { ...object, description: 'Traits of the user or group.' },
      context: { ...object, description: 'Context: page, device, library, campaign.' },
      integrations: { ...object, description: 'Destinations that should receive it.' },
      timestamp: { ...time, description: 'When it happened.' },
      originalTimestamp: time,
      sentAt: time,
      receivedAt: time,
    },
    required: ['type'],
    allOf: [
      needs('track', 'event', { type: 'string', minLength: 1 }),
      needs('group', 'groupId', given),
      needs('alias', 'previousId', given),
      {
        anyOf: [
          { properties: { userId: given }, required: ['userId'] },
          { properties: { anonymousId: given }, required: ['anonymousId'] },
        ],
      },
    ],
  };
}
