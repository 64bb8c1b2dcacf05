import {
  defineAction,
  defineFields,
  type Identity,
  type Item,
  type Outcome,
  type Payload,
  rejected,
  resolveIdentity,
  retry,
  skipped,
} from '@waybill/core';

import { withExchanges, withNotes } from '../../http/outcomes.ts';
import { oneByOne } from '../../http/turns.ts';
import { isUnknownUser, sendSingle } from '../api/single.ts';
import { isEarly, READ_LAG } from '../api/waiting.ts';
import { type Context, projectTypeOf, settings } from '../settings.ts';
import { forgetKnown } from '../users/known-users.ts';

const fields = defineFields({
  sourceEmail: {
    type: 'string',
    label: 'Email Address to Merge',
    description: 'The e-mail address of the profile to merge; the profile is then deleted.',
    required: false,
  },
  sourceUserId: {
    type: 'string',
    label: 'User ID to Merge',
    description: 'The user ID of the profile to merge; the profile is then deleted.',
    required: false,
    default: { '@path': '$.previousId' },
  },
  destinationEmail: {
    type: 'string',
    label: 'Email Address to Keep',
    description:
      'The e-mail address of the profile to keep. If both profiles have a value for a field, this one takes precedence.',
    required: false,
    default: { '@path': '$.context.traits.email' },
  },
  destinationUserId: {
    type: 'string',
    label: 'User ID to Keep',
    description:
      'The user ID of the profile to keep. If both profiles have a value for a field, this one takes precedence.',
    required: false,
    default: { '@path': '$.userId' },
  },
  arrayMerge: {
    type: 'object',
    multiple: true,
    label: 'Lists to Merge',
    description:
      'Profile fields whose lists are merged. For other fields, the list of the remaining profile is kept. Fields that Iterable manages, such as devices, cannot be listed.',
    required: false,
    defaultObjectUI: 'arrayeditor',
    additionalProperties: false,
    properties: {
      field: {
        type: 'string',
        label: 'Field',
        description: 'Name of the profile field.',
        required: true,
      },
      dedupeBy: {
        type: 'string',
        label: 'Identifying Property',
        description:
          'The property that identifies the objects of the list: equal ones are merged. If the list contains anything but objects, Iterable refuses the whole merge.',
        required: false,
      },
    },
  },
});

type Merge = Payload<typeof fields>;

/** Merges two profiles. */
export const mergeUsers = defineAction({
  title: 'Merge Users',
  description:
    'Merges a profile into another and deletes it. Its events are moved too. This cannot be undone.',
  defaultTrigger: 'type = "alias"',
  settings,
  fields,
  send: (items, context) => oneByOne(items, (item) => merge(item, context)),
});

async function merge({ payload, attempt }: Item<Merge>, context: Context): Promise<Outcome> {
  const source = chosen(payload, 'source', context);
  if (source.problem !== undefined) return source.problem;
  const destination = chosen(payload, 'destination', context);
  if (destination.problem !== undefined) return destination.problem;
  const from = named('source', source.identity);
  const to = named('destination', destination.identity);
  if (Object.values(from)[0] === Object.values(to)[0] && source.identity.by === destination.identity.by) {
    return skipped('unchanged', 'Both are the same user: there is nothing to merge.');
  }
  const { arrayMerge } = payload;
  const { outcome } = await sendSingle(
    {
      path: '/api/users/merge',
      json: { ...from, ...to, ...(arrayMerge === undefined ? {} : { arrayMerge }) },
    },
    context,
  );
  const notes = [...source.identity.notes, ...destination.identity.notes];
  if (outcome.status === 'delivered') await forgetKnown(source.identity, context);
  if (outcome.status !== 'rejected' || !isUnknownUser(outcome)) return withNotes(outcome, notes);
  if (isEarly(attempt)) {
    const waiting = retry(
      'destination_user_not_found',
      'Iterable does not know the profile to merge. It is tried once more, because the profile may be created shortly.',
      READ_LAG,
    );
    return withExchanges(waiting, outcome.exchanges ?? []);
  }
  // An earlier attempt with a lost answer leaves this state too, which is the desired one.
  return skipped('unchanged', 'Iterable does not know the profile to merge: there is nothing to merge.');
}

type Chosen =
  | { readonly identity: Identity; readonly problem?: undefined }
  | { readonly problem: Outcome; readonly identity?: undefined };

/** The identifier of one side of the merge in this project. */
function chosen(payload: Merge, side: 'source' | 'destination', context: Context): Chosen {
  const resolved = resolveIdentity({
    projectType: projectTypeOf(context.settings),
    email: payload[`${side}Email`],
    userId: payload[`${side}UserId`],
  });
  if (resolved.ok) return { identity: resolved.identity };
  const { code, path, message } = resolved.issue;
  const field = path === 'email' ? `${side}Email` : `${side}UserId`;
  const whose = side === 'source' ? 'The profile to merge' : 'The profile to keep';
  return { problem: rejected(code, `${whose}: ${message}`, field) };
}

function named(
  side: 'source' | 'destination',
  { by, email, userId }: Identity,
): Readonly<Record<string, string>> {
  return by === 'email' ? { [`${side}Email`]: email! } : { [`${side}UserId`]: userId! };
}
