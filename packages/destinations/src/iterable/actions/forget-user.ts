import { defineAction, identifiersAt } from '@waybill/core';

import { settings } from '../settings.ts';
import { forgetUser, removal, removalFields as fields } from './removal.ts';

/** Erases a user permanently. */
export const forgetUserAction = defineAction({
  title: 'Forget User',
  description:
    'Erases a user and all their data, as data protection law requires, and makes Iterable refuse later data about them. Iterable accepts 3 requests a second and 1,000 a day, and takes up to ten minutes.',
  settings,
  fields,
  identifiers: identifiersAt({ email: 'email', userId: 'userId' }),
  send: removal(forgetUser),
});
