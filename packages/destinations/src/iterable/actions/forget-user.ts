import { defineAction } from '@waybill/core';

import { settings } from '../settings.ts';
import { forgetUser, removal, removalFields as fields } from './removal.ts';

/** Erases a user for good. */
export const forgetUserAction = defineAction({
  title: 'Forget User',
  description:
    'Erases a user and everything of them, as data protection law asks for, and has Iterable refuse whatever is sent for them later. Iterable takes 3 a second and 1,000 a day, and up to ten minutes.',
  settings,
  fields,
  identifiers: ({ email, userId }) => ({ email, userId }),
  send: removal(forgetUser),
});
