import { defineFields, type Payload, type SendContext } from '@waybill/core';

/** What an Iterable instance needs to know: the key, where the project lives, and how it tells users apart. */
export const settings = defineFields({
  apiKey: {
    type: 'password',
    label: 'API Key',
    description:
      'A key of the type "Server-side", made in Iterable under Integrations > API Keys. It belongs to one project in one data center.',
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
      'What identifies a user in your Iterable project. Iterable fixes this when a project is made; its project settings show it.',
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
    label: 'Address of the API',
    description:
      'Another address than the one of the data center, for example that of a local sandbox. Leave it empty to reach Iterable.',
  },
});

/** The validated settings of an Iterable instance. */
export type Settings = Payload<typeof settings>;

/** What every call to Iterable needs. */
export type Context = SendContext<Settings>;

const DATA_CENTERS = {
  united_states: { name: 'United States', url: 'https://api.iterable.com' },
  europe: { name: 'Europe', url: 'https://api.eu.iterable.com' },
} as const;

/** The name and the address of what the settings point at. */
export function addressOf(settings: Settings): { readonly name: string; readonly url: string } {
  const { apiUrl } = settings;
  if (apiUrl !== undefined && apiUrl !== '') return { name: 'own address', url: apiUrl.replace(/\/+$/, '') };
  return DATA_CENTERS[settings.dataCenterLocation ?? 'united_states'];
}

/** How the project tells its users apart. */
export function projectTypeOf(settings: Settings): 'email' | 'userId' | 'hybrid' {
  return settings.projectType ?? 'hybrid';
}
