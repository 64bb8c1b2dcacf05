import { cookieOf } from '../core/campaign.ts';
import { idOf, objectOf } from '../core/values.ts';
import { start, type Storefront } from '../core/start.ts';
import { listenToAdobe } from '../data-layers/adobe.ts';
import { listenToLuma } from '../data-layers/luma.ts';

start((storefront) => {
  let isHeard = false;
  const learnCart = learner(storefront);
  learnCart(cookieOf('dataservices_cart_id'));
  listenToAdobe(
    storefront,
    (id) => learnCart(cookieOf('dataservices_cart_id') ?? id),
    () => {
      isHeard = true;
    },
  );
  // Checkout has the cart in the page.
  const look = (): void => {
    const { checkoutConfig } = window as unknown as { checkoutConfig?: unknown };
    learnCart(objectOf(objectOf(checkoutConfig)['quoteData'])['entity_id']);
  };
  const whenRead = (): void => {
    look();
    listenToLuma(storefront, () => isHeard || 'magentoStorefrontEvents' in window);
  };
  if (document.readyState === 'complete') whenRead();
  else addEventListener('load', whenRead);
});

/** Orders have the number of their cart. Guests have another ID, for which the shop returns the number. */
function learner(storefront: Storefront): (id: unknown) => void {
  let asked: string | undefined;
  return (given) => {
    const id = idOf(given);
    if (id === undefined || /^\d+$/.test(id)) {
      storefront.cart(id);
      return;
    }
    if (id === asked || !storefront.granted) return;
    asked = id;
    fetch(`/rest/V1/guest-carts/${encodeURIComponent(id)}`, { credentials: 'same-origin' })
      .then((answer) => (answer.ok ? answer.json() : undefined))
      .then(
        (cart: unknown) => storefront.cart(objectOf(cart)['id']),
        () => undefined,
      );
  };
}
