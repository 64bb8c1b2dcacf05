import type { ShopStream } from '@waybill/core';
import { count, readPage, readRow } from './client.ts';
import type { Context } from './settings.ts';

/** A customer as the shop returns them. */
export interface Customer {
  readonly id: number;
  readonly created: string;
  readonly changed: string;
  readonly email: string;
  readonly name: string;
}

/** Reads customers. */
export const customers: ShopStream<Context['settings'], Customer> = {
  title: 'Customers',
  description: 'Everybody with an account.',
  kinds: ['customer'],
  every: 60,
  sweep: { every: 86_400, days: 7 },
  pageSize: 100,
  page: (query, context) => readPage<Customer>('customers', query, context),
  get: (id, context) => readRow<Customer>(`customers/${encodeURIComponent(id)}`, context),
  count: (query, context) => count('customers', query, context),
  keyOf: ({ id, created, changed }, by) => ({ id: String(id), at: by === 'changed' ? changed : created }),
  states: ({ id, created, changed, email, name }) => {
    const [firstName = '', ...rest] = name.split(' ');
    return [
      {
        kind: 'customer',
        id: String(id),
        createdAt: created,
        updatedAt: changed,
        email,
        firstName,
        lastName: rest.join(' '),
      },
    ];
  },
};
