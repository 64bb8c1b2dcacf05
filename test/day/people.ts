import type { Fields } from './player.ts';
import type { Currency, Person } from './shop.ts';

type Row = [string, Currency, string, string, string, string, string, string, number, string, Fields?];

// userId, currency, locale, e-mail, name, phone, address, loyalty tier and points, customer since, other traits
// prettier-ignore
const customers = {
  mara: ['u-1001', 'EUR', 'sv-SE', 'mara.lindqvist@example.com', 'Mara Lindqvist', '+46701740605', 'Skolgatan 12, Uppsala, 753 32, SE', 'silver', 420, '2023-09-02T10:15:30', { newsletter: true, interests: ['camping', 'hiking'] }],
  oliver: ['u-1002', 'GBP', 'en-GB', 'oliver.hartley@example.com', 'Oliver Hartley', '+447700900112', '4 Mill Lane, Bristol, BS1 4QA, GB', 'bronze', 95, '2025-01-19T18:42:07', { newsletter: false }],
  priya: ['20417', 'USD', 'en-US', 'priya.raman@example.com', 'Priya Raman', '+12025550143', '118 Juniper St, Portland, 97205, US, OR', 'gold', 1310, '2021-11-28T04:05:06', { newsletter: true, companyName: 'Raman Interiors', interests: ['home'] }],
  jonas: ['u-1004', 'EUR', 'de-DE', 'jonas.weidmann@example.net', 'Jonas Weidmann', '+493023125114', 'Lindenweg 3, Berlin, 10115, DE', 'bronze', 12, '2026-02-01T09:00:11'],
  zoe: ['u-1005', 'EUR', 'pl-PL', 'zoe.muller-lukasiewicz@example.org', 'Zoë Müller-Łukasiewicz', '+48601200305', 'ul. Świętojańska 7, Gdańsk, 80-840, PL', 'silver', 388, '2024-06-17T16:20:00', { newsletter: true }],
  piotr: ['u-1006', 'EUR', 'pl-PL', 'piotr.nowak+alderfinch@gmail.com', 'Piotr Nowak', '+48601200306', 'ul. Długa 21, Kraków, 31-147, PL', 'gold', 950, '2022-03-30T11:11:11', { newsletter: true, interests: ['cooking'] }],
  ingrid: ['u-1007', 'EUR', 'sv-SE', 'INGRID.BERGSTROM@EXAMPLE.ORG', 'Ingrid Bergström', '+46701740607', 'Storgatan 40, Umeå, 903 26, SE', 'bronze', 60, '2025-10-05T13:37:00', { newsletter: false }],
  tomasz: ['u-1008', 'EUR', 'pl-PL', 'tomasz.zielinski@example.net', 'Tomasz Zieliński', '+48601200308', 'ul. Polna 2, Poznań, 60-535, PL', 'silver', 515, '2023-02-14T20:02:45'],
  grace: ['20893', 'GBP', 'en-GB', 'grace.okafor@example.com', 'Grace Okafor', '+447700900118', '22 Harbour Road, Leith, EH6 6QF, GB', 'gold', 2045, '2020-08-08T08:08:08', { newsletter: true, interests: ['home', 'cooking'] }],
  samuel: ['u-1010', 'EUR', 'de-DE', 'samuel.brandt@waldhuette.example', 'Samuel Brandt', '+493023125120', 'Am Forst 9, Freiburg, 79098, DE', 'gold', 3105, '2019-05-20T07:30:00', { companyName: 'Waldhütte Brandt' }],
  chloe: ['u-1011', 'EUR', 'fr-FR', 'chloe.dubois@example.org', 'Chloé Dubois', '+33199001211', '8 rue des Tilleuls, Lyon, 69003, FR', 'silver', 233, '2024-12-24T17:00:59'],
  henrik: ['u-1012', 'EUR', 'da-DK', 'henrik.sorensen@example.net', 'Henrik Sørensen', '+4520123412', 'Strandvejen 55, Aarhus, 8000, DK', 'bronze', 41, '2025-07-07T21:14:13'],
  lucas: ['u-1014', 'EUR', 'pt-PT', 'lucas.ferreira@example.com', 'Lucas Ferreira', '+351210999014', 'Rua do Carmo 18, Lisboa, 1200-093, PT', 'bronze', 1, '2026-03-14T16:07:40', { newsletter: true }],
  emily: ['u-1015', 'USD', 'en-US', 'emily.carter@example.com', 'Emily Carter', '+12025550115', '77 Cedar Ave, Boulder, 80302, US, CO', 'silver', 610, '2022-10-31T23:59:01', { newsletter: true }],
  daniel: ['u-1016', 'USD', 'en-US', 'daniel.kim@example.org', 'Daniel Kim', '+12025550116', '5 Lakeview Dr, Duluth, 55802, US, MN', 'bronze', 20, '2025-05-05T15:45:00'],
  aoife: ['u-1017', 'EUR', 'en-IE', 'aoife.byrne@example.com', 'Aoife Byrne', '+353209125017', '3 Quay Street, Galway, H91 X2Y4, IE', 'gold', 880, '2021-04-01T12:00:30', { newsletter: false }],
  marcus: ['u-1018', 'GBP', 'en-GB', 'marcus.webb@example.net', 'Marcus Webb', '+447700900128', '61 Abbey Close, York, YO1 7HU, GB', 'silver', 305, '2023-12-12T12:12:12'],
  sofia: ['u-1019', 'EUR', 'it-IT', 'sofia.rossi@example.org', 'Sofia Rossi', '+390236012319', 'Via Garibaldi 6, Torino, 10122, IT', 'bronze', 77, '2025-09-09T09:09:09', { newsletter: true }],
  felix: ['u-1020', 'EUR', 'de-DE', 'felix.baumann@example.com', 'Felix Baumann', '+493023125130', 'Marktplatz 1, Bamberg, 96047, DE', 'bronze', 33, '2025-11-11T11:11:00'],
  ben: ['31077', 'GBP', 'en-GB', 'ben.turner@example.com', 'Ben Turner', '+447700900131', '9 Station Road, Hebden Bridge, HX7 6JE, GB', 'bronze', 1, '2026-03-14T08:29:55'],
  leila: ['u-1023', 'EUR', 'nl-NL', 'leila.farouk@example.org', 'Leila Farouk', '+31201234523', 'Prinsengracht 210, Amsterdam, 1016 HD, NL', 'silver', 266, '2024-03-03T03:30:30', { newsletter: false, interests: ['home', 'cooking'] }],
  yuki: ['u-1025', 'USD', 'en-US', 'yuki.tanaka@example.net', 'Yuki Tanaka', '+12025550125', '400 Pine St, Seattle, 98101, US, WA', 'gold', 1875, '2020-01-15T06:30:00', { interests: ['hiking'] }],
} satisfies Record<string, Row>;
export type Customer = keyof typeof customers;

/** A customer with an account, and all the shop knows of them in the morning. */
export function account(key: Customer): Person & { userId: string; traits: Fields } {
  const row: Row = customers[key];
  const [userId, currency, locale, email, name, phone, place, loyaltyTier, loyaltyPoints, since, more] = row;
  const [firstName, lastName] = name.split(' ') as [string, string];
  const [street, city, postalCode, country, state] = place.split(', ') as [
    string,
    string,
    string,
    string,
    string?,
  ];
  const address = { street, city, postalCode, country, ...(state === undefined ? {} : { state }) };
  const createdAt = `${since}.000Z`;
  const traits = {
    email,
    firstName,
    lastName,
    phone,
    address,
    loyaltyTier,
    loyaltyPoints,
    createdAt,
    ...more,
  };
  return { userId, currency, locale, traits };
}
