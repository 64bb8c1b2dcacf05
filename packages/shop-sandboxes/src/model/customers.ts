import type { Base } from './base.ts';
import type { Address, AddressInput, Channel, Consent, Customer } from './entities.ts';

type Personal =
  'firstName' | 'lastName' | 'phone' | 'birthday' | 'gender' | 'company' | 'groupId' | 'externalId';

/** The input of a customer. */
export type CustomerInput = Pick<Customer, 'storeId' | 'email' | 'firstName' | 'lastName'> &
  Partial<Pick<Customer, Personal | 'custom'>> & { readonly addresses?: readonly AddressInput[] };

/** The person of a consent. */
export interface ConsentInput {
  readonly storeId: number;
  readonly email: string;
  readonly channel: Channel;
  readonly state: Consent['state'];
  readonly origin: Consent['origin'];
  readonly phone?: string | undefined;
  readonly firstName?: string | undefined;
  readonly lastName?: string | undefined;
}

/** An address with its ids. */
export function addressOf(base: Base, input: AddressInput): Address {
  return { ...input, ...base.ids('address') };
}

/** Customers with accounts, and consents. */
export class Customers {
  readonly #base: Base;
  /** Ids of accounts, by store and e-mail address. */
  readonly #ids = new Map<string, number>();

  constructor(base: Base) {
    this.#base = base;
  }

  /**
   * Creates an account. Consents and orders of the same address in the store belong to it from now on, the orders where `adopt` is
   * set.
   */
  create(input: CustomerInput, options: { readonly adopt?: boolean } = {}): Customer {
    const { addresses = [], custom = {}, ...personal } = input;
    if (this.byEmail(input.email, input.storeId) !== undefined)
      throw new Error(`There is an account of ${input.email} already.`);
    const customer = this.#base.insert('customer', {
      ...personal,
      custom,
      addresses: addresses.map((one) => addressOf(this.#base, one)),
    });
    this.#ids.set(keyOf(customer), customer.id);
    for (const consent of this.#consents(input.email, input.storeId))
      this.#base.update('consent', consent.id, 'updated', { customerId: customer.id });
    if (options.adopt === true)
      for (const { id, email, storeId } of this.#base.tables.order.all())
        if (email === input.email && storeId === input.storeId)
          this.#base.update('order', id, 'customer', { customerId: customer.id });
    return customer;
  }

  /** The account of an address in a store. */
  byEmail(email: string, storeId: number): Customer | undefined {
    const id = this.#ids.get(keyOf({ email, storeId }));
    return id === undefined ? undefined : this.#base.tables.customer.get(id);
  }

  /** Changes the data of a customer. */
  update(id: number, change: Partial<Pick<Customer, Personal | 'custom'>>): Customer {
    return this.#base.update('customer', id, 'updated', change);
  }

  /** Adds an address as the new default. */
  addAddress(id: number, input: AddressInput): Customer {
    const { addresses } = this.#base.tables.customer.get(id);
    const added = addressOf(this.#base, input);
    const change = { addresses: [added, ...addresses] };
    return this.#base.update('customer', id, 'address', change, { silent: 'address', about: added.id });
  }

  /** Changes the e-mail address of a customer, with its consents. */
  changeEmail(id: number, email: string): Customer {
    const before = this.#base.tables.customer.get(id);
    const customer = this.#base.update('customer', id, 'email', { email });
    this.#ids.delete(keyOf(before));
    this.#ids.set(keyOf(customer), id);
    for (const consent of this.#consents(before.email, before.storeId))
      this.#base.update('consent', consent.id, 'updated', { email });
    return customer;
  }

  /** Deletes an account; orders stay, without it. */
  delete(id: number): void {
    this.#ids.delete(keyOf(this.#base.tables.customer.get(id)));
    this.#base.remove('customer', id);
  }

  /** Sets the consent for a channel. */
  say(input: ConsentInput): Consent {
    const { channel, email, storeId, state, origin } = input;
    const customer = this.byEmail(email, storeId);
    const known = this.#consents(email, storeId).find((one) => one.channel === channel);
    const at = this.#base.clock.now();
    const consent =
      known === undefined
        ? this.#base.insert('consent', { ...input, at, customerId: customer?.id })
        : this.#base.update('consent', known.id, 'updated', {
            state,
            origin,
            at,
            phone: input.phone ?? known.phone,
          });
    // If consent is a field of the account, the account has changed.
    if (customer !== undefined && !this.#base.traits.silent.includes('consent'))
      this.#base.update('customer', customer.id, 'updated', {});
    return consent;
  }

  #consents(email: string, storeId: number): readonly Consent[] {
    return this.#base.tables.consent.all().filter((one) => one.email === email && one.storeId === storeId);
  }
}

function keyOf({ email, storeId }: Pick<Customer, 'email' | 'storeId'>): string {
  return `${storeId} ${email}`;
}
