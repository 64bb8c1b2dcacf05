import { start, type Storefront } from '../core/start.ts';
import { idOf, listOf, type Properties } from '../core/values.ts';
import { listenToBodl } from '../data-layers/bodl.ts';

start((storefront) => listenToBodl(storefront, (payload) => learnCart(storefront, payload)));

/** Reads the cart of the visitor from the storefront: carts in the data layer have no ID. */
function learnCart(storefront: Storefront, payload: Properties): void {
  const told = idOf(payload['cart_id']);
  if (told !== undefined || !storefront.granted) {
    storefront.cart(told);
    return;
  }
  fetch('/api/storefront/carts', { credentials: 'same-origin' })
    .then((answer) => (answer.ok ? answer.json() : undefined))
    .then(
      (carts: unknown) => storefront.cart(listOf(carts)[0]?.['id']),
      () => undefined,
    );
}
