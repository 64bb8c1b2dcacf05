import type { AddressInput } from '../model/index.ts';

/** A person of the story. */
export interface Person {
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly phone: string;
  readonly address: AddressInput;
}

function person(
  firstName: string,
  lastName: string,
  phone: string,
  place: Pick<AddressInput, 'street' | 'city' | 'postalCode' | 'country' | 'state' | 'stateCode'>,
): Person {
  return {
    firstName,
    lastName,
    phone,
    email: `${firstName.toLowerCase()}@example.com`,
    address: { firstName, lastName, phone, ...place },
  };
}

const berlin = { city: 'Berlin', postalCode: '10117', country: 'DE', state: 'Berlin', stateCode: 'BE' };
const hamburg = { city: 'Hamburg', postalCode: '20095', country: 'DE', state: 'Hamburg', stateCode: 'HH' };
const tokyo = {
  city: 'Minato-ku',
  postalCode: '105-0011',
  country: 'JP',
  state: 'Tokyo',
  stateCode: 'JP-13',
};

/** The customers of the day. */
export const PEOPLE = {
  /** Buys as a guest, then makes an account. */
  ada: person('Ada', 'Adler', '030 901820', { ...berlin, street: ['Unter den Linden 5', 'Hinterhaus'] }),
  /** Cancels, leaves a cart behind, and gets another address. */
  ben: person('Ben', 'Brandt', '+49 40 428280', { ...hamburg, street: ['Rathausmarkt 1'] }),
  /** Buys in yen. */
  chiyo: person('Chiyo', 'Chiba', '03-3433-5111', { ...tokyo, street: ['Shibakoen 4-2-8'] }),
  /** Has coffee sent every month. */
  dora: person('Dora', 'Dietz', '030 5557890', { ...berlin, street: ['Friedrichstrasse 43'] }),
  /** Cannot pay, and has the account deleted. */
  emil: person('Emil', 'Ernst', '040 5551234', { ...hamburg, street: ['Jungfernstieg 7'] }),
};
