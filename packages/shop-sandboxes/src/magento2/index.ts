import { answer, type ShopPlatform } from '../frame/index.ts';
import { apiAnswer, changeCustomer, complaint } from './api.ts';
import { CLIENT_ID, eventsTo, KEY_PATH } from './events.ts';
import { IMS, JOURNAL, Journal, PROJECT } from './journal.ts';
import { complaintOf } from './signature.ts';

/** The keys of the integration, with all permissions. */
const INTEGRATION = {
  consumerKey: 'sandbox-consumer-key',
  consumerSecret: 'sandbox-consumer-secret',
  accessToken: 'sandbox-access-token',
  accessTokenSecret: 'sandbox-token-secret',
};

const MINUTE = 60_000;
/** Adobe retries after 1, 2, 4 and 8 minutes, then every 15, for a day. */
const RETRIES = [1, 2, 4, 8, ...Array.from({ length: 94 }, () => 15)].map((minutes) => minutes * MINUTE);

/**
 * Magento 2. With a webhook it is an Adobe Commerce that sends events; without one a Magento Open Source, which is polled.
 */
export const magento2: ShopPlatform = {
  slug: 'magento2',
  name: 'Magento 2',
  traits: { edits: 'replace', silent: ['tracking', 'delivery', 'comment', 'consent', 'stock'] },
  open({ model, url, now, spoil, webhookUrl }) {
    const journal = new Journal(now);
    const events = eventsTo(webhookUrl, (event) => journal.add(event));
    const nonces = new Set<string>();
    return {
      get settings() {
        const pushed = {
          adobeClientId: CLIENT_ID,
          ...PROJECT,
          adobeJournalUrl: `${url()}${JOURNAL}`,
          adobeKeysUrl: url(),
          imsUrl: url(),
        };
        const orderAttributes = [
          'utm_source',
          'utm_medium',
          'utm_campaign',
          'utm_term',
          'utm_content',
          'iterable_campaign_id',
          'iterable_template_id',
        ];
        return {
          baseUrl: url(),
          ...INTEGRATION,
          orderAttributes,
          customerAttributes: ['loyaltyTier'],
          ...(webhookUrl === undefined ? {} : pushed),
        };
      },
      handle(request) {
        if (request.path === KEY_PATH) return answer(events.pem());
        if (request.path === IMS) return journal.grant(request);
        if (request.path === JOURNAL) return journal.answer(request);
        const against = complaintOf(request, INTEGRATION, { now: now(), nonces });
        if (against !== undefined) return complaint(against.status, against.message, against.parameters);
        if (request.method === 'PUT') return changeCustomer(request, model);
        if (request.method !== 'GET') return complaint(405, 'This shop is only read.');
        return apiAnswer(request, { model, spoil });
      },
      deliveriesOf: (change) => events.deliveriesOf(change),
      retries: RETRIES,
      failure: (status) => complaint(status, 'Internal Error. Details are available in Magento log file.'),
    };
  },
};
