/** The types of fields. */
export type FieldType = 'string' | 'long' | 'double' | 'boolean' | 'date' | 'object' | 'geo_location';

/** The types of one family of fields: user fields, or the fields of one event name. */
export interface TypeMemory {
  readonly name: string;
  readonly category: 'user' | 'customEvent' | 'purchase';
  readonly types: Map<string, FieldType>;
}

/** The fields every project has from the start; they do not count towards the limit. */
const userFields: readonly (readonly [string, FieldType])[] = [
  ['email', 'string'],
  ['userId', 'string'],
  ['phoneNumber', 'string'],
  ['signupDate', 'date'],
  ['signupSource', 'string'],
  ['profileUpdatedAt', 'date'],
  ['emailListIds', 'long'],
  ['userListIds', 'long'],
  ['unsubscribedChannelIds', 'long'],
  ['unsubscribedMessageTypeIds', 'long'],
  ['subscribedMessageTypeIds', 'long'],
];

/** The members of a commerce item have published types: an integer first price must not fix the type to integer. */
function cartFields(name: string): Map<string, FieldType> {
  const strings = ['id', 'name', 'sku', 'description', 'imageUrl', 'url', 'categories'];
  return new Map<string, FieldType>([
    [name, 'object'],
    [`${name}.price`, 'double'],
    [`${name}.quantity`, 'long'],
    ...strings.map((member) => [`${name}.${member}`, 'string'] as const),
  ]);
}

/** The field types of a project: the first value seen fixes a type forever. */
export class FieldBook {
  readonly user: TypeMemory = { name: 'user', category: 'user', types: new Map(userFields) };
  readonly purchase: TypeMemory = {
    name: 'purchase',
    category: 'purchase',
    types: cartFields('shoppingCartItems'),
  };
  readonly events = new Map<string, TypeMemory>([
    [
      'updateCart',
      { name: 'updateCart', category: 'customEvent', types: cartFields('updatedShoppingCartItems') },
    ],
  ]);
  userLeaves = 0;
  eventLeaves = 0;

  /** Returns the types of one event name, created when new. */
  event(name: string): TypeMemory {
    let memory = this.events.get(name);
    if (memory === undefined) {
      memory = { name, category: 'customEvent', types: new Map() };
      this.events.set(name, memory);
    }
    return memory;
  }
}
