import { defineAction, defineFields, type Outcome } from '@waybill/core';
import { readAnswer } from '../answer.ts';
import { callApi } from '../client.ts';
import { settings } from '../settings.ts';

const fields = defineFields({
  userId: {
    type: 'string',
    label: 'User ID',
    description: 'Your own ID of the user.',
    required: true,
    default: { '@path': '$.userId' },
  },
  email: {
    type: 'string',
    format: 'email',
    label: 'Email Address',
    description: 'Where the user can be reached.',
    default: { '@path': '$.traits.email' },
  },
  traits: {
    type: 'object',
    label: 'Traits',
    description: 'What is known about the user.',
    default: { '@path': '$.traits' },
  },
});

/** Creates or updates a profile, one per call. */
export const upsertProfile = defineAction({
  title: 'Upsert Profile',
  description: 'Creates the profile of a user in {{name}}, or updates it.',
  defaultTrigger: 'type = "identify"',
  settings,
  fields,
  async send(items, context) {
    const outcomes: Outcome[] = [];
    for (const { payload } of items) {
      outcomes.push(readAnswer(await callApi('/profiles', { json: payload }, context), context));
    }
    return outcomes;
  },
});
