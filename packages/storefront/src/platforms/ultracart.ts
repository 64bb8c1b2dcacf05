import { cookieOf } from '../core/campaign.ts';
import { start } from '../core/start.ts';
import { listenToDataLayer } from '../data-layers/google.ts';

start((storefront) => {
  const look = (): void => storefront.cart(cookieOf('UltraCartShoppingCartID'));
  look();
  listenToDataLayer({
    ...storefront,
    get granted() {
      return storefront.granted;
    },
    track(event, properties) {
      // The first product creates the cart.
      look();
      storefront.track(event, properties);
    },
  });
});
