import { createHash } from 'node:crypto';

/**
 * Returns the key that links an order without a cart to its visitor. Order numbers can be guessed, so it includes the IP
 * address, which both the shop's order and our server have.
 */
export function visitorKeyOf(orderId: string, address: string): string {
  const plain = address.replace(/^::ffff:/i, '').toLowerCase();
  return `order-${createHash('sha256').update(`${orderId} ${plain}`).digest('base64url')}`;
}
