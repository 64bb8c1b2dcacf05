import { createHash } from 'node:crypto';

/**
 * What the visitor of an order is found by where the order names no cart. Numbers of orders can be guessed, so it is made of the
 * internet address too, which a shop knows of an order and the server of a visitor.
 */
export function visitorKeyOf(orderId: string, address: string): string {
  const plain = address.replace(/^::ffff:/i, '').toLowerCase();
  return `order-${createHash('sha256').update(`${orderId} ${plain}`).digest('base64url')}`;
}
