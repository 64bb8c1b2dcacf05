import { success } from './errors.ts';
import type { Route } from './route.ts';

const clientOnly = [
  '/api/users/registerDeviceToken',
  '/api/users/registerBrowserToken',
  '/api/users/disableDevice',
  '/api/events/inAppConsume',
  '/api/events/trackInAppOpen',
  '/api/events/trackInAppClick',
  '/api/events/trackInAppClose',
  '/api/events/trackInAppDelivery',
  '/api/events/trackPushOpen',
  '/api/events/trackWebPushClick',
];

/** What only apps and browsers may call: the server key is refused, a mobile key gets a plain success. */
export const deviceRoutes: readonly Route[] = clientOnly.map((path) => ({
  method: 'POST',
  path,
  keys: 'clientOnly',
  handle: () => success(),
}));
