import { defineFields, type Identity, type Payload, resolveIdentity } from '@waybill/core';

import type { JsonObject } from '../../http/json.ts';
import { withIterableDates } from '../fields/dates.ts';
import type { CheckedFields } from '../fields/guard.ts';
import { instanceOf } from '../fields/instance.ts';
import { type Context, projectTypeOf } from '../settings.ts';

const EMAIL_DEFAULT = {
  '@if': {
    exists: { '@path': '$.properties.email' },
    then: { '@path': '$.properties.email' },
    else: { '@path': '$.context.traits.email' },
  },
};

/** The fields that identify the user of an event: the address is in its properties or its context. */
export const eventUserFields = defineFields({
  // Neither address field of this destination has a format: a malformed address must not stop an item with a valid user ID. The
  // project type decides what a malformed address means.
  email: {
    type: 'string',
    label: 'Email Address',
    description: 'The e-mail address of the user. E-mail and hybrid projects identify the profile by it.',
    required: false,
    default: EMAIL_DEFAULT,
  },
  userId: {
    type: 'string',
    label: 'User ID',
    description:
      'Your user ID, at most 52 characters. UserID and hybrid projects identify the profile by it.',
    required: false,
    default: { '@path': '$.userId' },
  },
});

/** The user of a cart or an order. */
export const userField = defineFields({
  user: {
    type: 'object',
    label: 'User Data',
    description:
      'Who the cart or order belongs to. The profile is updated with it, or created if there is none.',
    required: true,
    additionalProperties: false,
    defaultObjectUI: 'keyvalue:only',
    default: {
      email: EMAIL_DEFAULT,
      userId: { '@path': '$.userId' },
      dataFields: { '@path': '$.context.traits' },
      phoneNumber: { '@path': '$.context.traits.phone' },
      mergeNestedObjects: false,
    },
    properties: {
      ...eventUserFields,
      dataFields: {
        type: 'object',
        label: 'User Data Fields',
        description: 'What to store on the profile of the user.',
        required: false,
        default: { '@path': '$.traits' },
      },
      mergeNestedObjects: {
        type: 'boolean',
        label: 'Merge Nested Objects',
        description:
          'Whether to merge objects with the stored ones, one level deep, instead of replacing them. Lists are always replaced.',
        required: false,
        default: false,
      },
      phoneNumber: {
        type: 'string',
        label: 'User Phone Number',
        description: 'With the country code, for example +14158675309. Null removes the number.',
        required: false,
        allowNull: true,
        default: { '@path': '$.traits.phone' },
      },
    },
  },
});

/** The user in a payload. */
export type UserInput = Payload<(typeof userField)['user']['properties']>;

/** A user as Iterable accepts it: the identifier at the top level, everything else in data fields. */
export interface UserBody {
  readonly email?: string;
  readonly userId?: string;
  readonly dataFields?: JsonObject;
  readonly mergeNestedObjects?: boolean;
  readonly preferUserId?: boolean;
}

/** What the body of a user depends on in addition to the user. */
export interface Project {
  readonly type: 'email' | 'userId' | 'hybrid';
  /** Whether an unknown user ID creates a profile with a placeholder address; for e-mail projects only. */
  readonly preferUserId?: boolean | undefined;
  /** The conversion of data fields before sending; only dates are converted when absent. */
  readonly check?: (fields: JsonObject) => CheckedFields;
}

/** Returns the project of a context. */
export function projectOf(context: Context): Project {
  return {
    type: projectTypeOf(context.settings),
    preferUserId: context.settings.preferUserId,
    check: (fields) => instanceOf(context).guard.check('user', fields),
  };
}

/** A user's body, with notes about what was left out. */
export interface BuiltUser {
  readonly body: UserBody;
  readonly notes: readonly string[];
}

/** Returns the one identifier that names the profile. */
export function identifierOf({ by, email, userId }: Identity): { email: string } | { userId: string } {
  return by === 'email' ? { email: email! } : { userId: userId! };
}

/**
 * Converts a user to Iterable's form. An e-mail project has both identifiers at the top level. Elsewhere only the leading one
 * is there and the address is a data field: so an unknown address is stored, and a different one replaces it.
 */
export function userBody(input: UserInput, identity: Identity, project: Project): BuiltUser {
  const given = input.dataFields ?? {};
  const checked = project.check?.(given) ?? { fields: withIterableDates(given), notes: [] };
  const notes: string[] = [...checked.notes];
  const fields: Record<string, unknown> = { ...checked.fields };
  if (input.phoneNumber !== undefined) fields['phoneNumber'] = input.phoneNumber;

  // Traits repeat the identifiers; a malformed one among the data fields would still fail the user.
  const email = innerIdentifier('email', fields, input.email, notes);
  const userId = innerIdentifier('userId', fields, input.userId, notes);
  const top: { email?: string; userId?: string } = identifierOf(identity);
  if (project.type === 'email') {
    if (identity.userId !== undefined) top.userId = identity.userId;
    if (typeof email === 'string' && email !== identity.email) {
      notes.push(
        'The e-mail address in the data fields was left out: an e-mail project does not change an address this way.',
      );
    }
  } else {
    const address = email ?? (identity.by === 'userId' ? identity.email : undefined);
    if (address !== undefined) fields['email'] = address;
    else if (email === null && identity.by === 'userId') fields['email'] = null;
  }
  if (userId !== undefined && (identity.by === 'email' || userId !== null)) fields['userId'] = userId;

  return {
    body: {
      ...top,
      ...(Object.keys(fields).length === 0 ? {} : { dataFields: fields }),
      ...(input.mergeNestedObjects === undefined ? {} : { mergeNestedObjects: input.mergeNestedObjects }),
      ...placeholder(identity, project),
    },
    notes,
  };
}

/** Requests a placeholder profile for a possibly unknown user ID without an address. */
export function placeholder(identity: Identity, { type, preferUserId }: Project): { preferUserId?: true } {
  return type === 'email' && preferUserId === true && identity.by === 'userId' ? { preferUserId: true } : {};
}

/** Removes an identifier from the data fields, and returns it when it is different and valid. */
function innerIdentifier(
  name: 'email' | 'userId',
  fields: Record<string, unknown>,
  given: unknown,
  notes: string[],
): string | null | undefined {
  const inner = fields[name];
  delete fields[name];
  if (inner === undefined || inner === null) return inner;
  if (String(inner) === given) return undefined;
  const checked = resolveIdentity({ projectType: 'hybrid', [name]: inner });
  if (!checked.ok) {
    notes.push(`${name} in the data fields was left out: ${checked.issue.message}`);
    return undefined;
  }
  return checked.identity[name];
}
