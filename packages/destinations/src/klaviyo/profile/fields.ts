import { defineFields } from '@waybill/core';

const either = (path: string, other: string) =>
  ({ '@if': { exists: { '@path': path }, then: { '@path': path }, else: { '@path': other } } }) as const;

const EMAIL = 'The e-mail address. A malformed one is left out if there is another identifier.';
const PHONE =
  'The phone number in international format (E.164): +4930901820. A number in another format is left out if there is another identifier.';
const EXTERNAL = 'The ID that your own system gives the person.';

/** Fields that identify the person of an event or a membership. */
export const personFields = defineFields({
  email: {
    type: 'string',
    label: 'E-mail Address',
    description: EMAIL,
    default: either('$.properties.email', '$.context.traits.email'),
    category: 'identifier',
  },
  phoneNumber: {
    type: 'string',
    label: 'Phone Number',
    description: PHONE,
    default: { '@path': '$.context.traits.phone' },
    category: 'identifier',
  },
  externalId: {
    type: 'string',
    label: 'External ID',
    description: EXTERNAL,
    default: { '@path': '$.userId' },
    category: 'identifier',
  },
});

const trait = (label: string, description: string, path: string) =>
  ({ type: 'string', label, description, default: { '@path': `$.traits.${path}` } }) as const;

/** Fields of a whole profile, as in identify calls. */
export const profileFields = defineFields({
  email: { ...personFields.email, default: { '@path': '$.traits.email' } },
  phoneNumber: { ...personFields.phoneNumber, default: { '@path': '$.traits.phone' } },
  externalId: personFields.externalId,
  firstName: trait('First Name', 'The first name.', 'firstName'),
  lastName: trait('Last Name', 'The last name.', 'lastName'),
  organization: trait('Organization', 'The company.', 'company'),
  title: trait('Title', 'The job title.', 'title'),
  image: trait('Image', 'Address of an image.', 'avatar'),
  locale: {
    type: 'string',
    label: 'Locale',
    description: 'The language, such as de-DE.',
    default: either('$.traits.locale', '$.context.locale'),
  },
  location: {
    type: 'object',
    label: 'Location',
    description: 'Where the person lives.',
    defaultObjectUI: 'keyvalue',
    default: {
      address1: { '@path': '$.traits.address.street' },
      city: { '@path': '$.traits.address.city' },
      region: { '@path': '$.traits.address.state' },
      zip: { '@path': '$.traits.address.postalCode' },
      country: { '@path': '$.traits.address.country' },
    },
    properties: {
      address1: {
        type: 'string',
        label: 'Street',
        description: 'Street and number. Further lines become the second line of the address.',
      },
      address2: {
        type: 'string',
        label: 'Street Line 2',
        description: 'The second line of the address.',
      },
      city: { type: 'string', label: 'City', description: 'The city.' },
      region: { type: 'string', label: 'Region', description: 'State or province.' },
      zip: { type: 'string', label: 'Postal Code', description: 'The postal code.' },
      country: { type: 'string', label: 'Country', description: 'The country.' },
      timezone: { type: 'string', label: 'Time Zone', description: 'Such as Europe/Berlin.' },
      ip: { type: 'string', label: 'IP Address', description: 'Klaviyo derives the location from it.' },
    },
  },
  properties: {
    type: 'object',
    label: 'Properties',
    description: 'Other properties of the person. A member that is null is cleared.',
    defaultObjectUI: 'keyvalue',
  },
});
