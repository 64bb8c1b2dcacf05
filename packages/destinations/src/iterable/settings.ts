import { defineFields, type Payload, type SendContext } from '@waybill/core';

/** The settings of an Iterable instance: the key, the data center, and how the project identifies users. */
export const settings = defineFields({
  apiKey: {
    type: 'password',
    label: 'API Key',
    description:
      'A key of the type "Server-side", created in Iterable under Integrations > API Keys. It belongs to one project in one data center.',
    required: true,
  },
  dataCenterLocation: {
    type: 'string',
    format: 'text',
    label: 'Data Center Location',
    description: 'The data center that hosts your Iterable project.',
    default: 'united_states',
    choices: [
      { label: 'United States', value: 'united_states' },
      { label: 'Europe', value: 'europe' },
    ],
  },
  projectType: {
    type: 'string',
    label: 'Project Type',
    description:
      'What identifies a user in your Iterable project. Iterable fixes this when the project is created; the project settings show it.',
    default: 'hybrid',
    choices: [
      { label: 'Email-based', value: 'email' },
      { label: 'UserID-based', value: 'userId' },
      { label: 'Hybrid', value: 'hybrid' },
    ],
  },
  apiUrl: {
    type: 'string',
    format: 'uri',
    label: 'API URL',
    description:
      'Replaces the URL of the data center, for example with that of a local sandbox. Leave this empty to use Iterable.',
  },
  preferUserId: {
    type: 'boolean',
    label: 'Create Placeholder Profiles',
    description:
      'E-mail projects only: whether an unknown user ID without an address creates a profile with a placeholder address instead of being refused.',
    default: false,
  },
  unknownUsers: {
    type: 'string',
    label: 'Unknown Users',
    description:
      'E-mail projects only, where an event creates no profile, and Iterable may accept an event of an unknown user without storing it. Create: the profile is created first, once for each user; a user ID without an address gets a placeholder address. Report: Iterable is asked for the profile, and the event becomes a dead letter if there is none. Wait: the same, but the event is retried for about an hour and a half, so that an identify call can arrive.',
    default: 'create',
    choices: [
      { label: 'Create', value: 'create' },
      { label: 'Report', value: 'report' },
      { label: 'Wait', value: 'wait' },
    ],
  },
  fieldTypes: {
    type: 'string',
    label: 'Field Types',
    description:
      'The first value of a field determines its type in Iterable, which then refuses other types. Warn: a note on the delivery names values of another type. Convert: such values are converted if nothing is lost, and left out if Iterable refuses them, so that the rest of the item is delivered.',
    default: 'off',
    choices: [
      { label: 'Off', value: 'off' },
      { label: 'Warn', value: 'warn' },
      { label: 'Convert', value: 'convert' },
    ],
  },
  maxNewFields: {
    type: 'integer',
    label: 'New Field Limit',
    description:
      'Maximum number of fields that this destination may add to profiles, and that one event name may have, until a restart. Other new fields are left out, with a note on the delivery. Empty: only the limits of Iterable apply, 1,000 profile fields and 8,000 event fields.',
    minimum: 0,
  },
  deletionRequests: {
    type: 'string',
    label: 'Deletion Requests',
    description:
      'What a request to delete a user does in Iterable. Forget: erases the user and refuses all later data about them. Delete: erases the profile; a later event creates it again.',
    default: 'forget',
    choices: [
      { label: 'Forget', value: 'forget' },
      { label: 'Delete', value: 'delete' },
    ],
  },
});

/** The validated settings of an Iterable instance. */
export type Settings = Payload<typeof settings>;

/** The context of every call to Iterable. */
export type Context = SendContext<Settings>;

const DATA_CENTERS = {
  united_states: { name: 'United States', url: 'https://api.iterable.com' },
  europe: { name: 'Europe', url: 'https://api.eu.iterable.com' },
} as const;

/** Returns the name and the address for the settings. */
export function addressOf(settings: Settings): { readonly name: string; readonly url: string } {
  const { apiUrl } = settings;
  if (apiUrl !== undefined && apiUrl !== '') return { name: 'own address', url: apiUrl.replace(/\/+$/, '') };
  return DATA_CENTERS[settings.dataCenterLocation ?? 'united_states'];
}

/** Returns how the project identifies its users. */
export function projectTypeOf(settings: Settings): 'email' | 'userId' | 'hybrid' {
  return settings.projectType ?? 'hybrid';
}
