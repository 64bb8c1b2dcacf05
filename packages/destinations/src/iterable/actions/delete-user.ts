import { defineAction, identifiersAt } from '@waybill/core';

import { settings } from '../settings.ts';
import { removeUser, removal, removalFields as fields } from './removal.ts';

/** Deletes the profile of a user. */
export const deleteUserAction = defineAction({
  title: 'Delete User',
  description:
    'Deletes the profile and the events of a user. A later event can create the profile again; to erase a person permanently, use Forget User. In an e-mail project a user ID deletes every profile that has it.',
  settings,
  fields,
  identifiers: identifiersAt({ email: 'email', userId: 'userId' }),
  send: removal(removeUser),
});
