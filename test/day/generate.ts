/**
 * Writes shop-day.ndjson: `node test/day/generate.ts`. The same stories always give the same bytes; a test compares the committed
 * file. README.md lists the people; this file contains their day, person by person.
 */
import { writeFileSync } from 'node:fs';
import { account, type Customer } from './people.ts';
import { dayFile, type DayEvent, type Fields } from './player.ts';
import { entries, product, Walk, type Person } from './shop.ts';

const person = (who: Person): Walk => new Walk(who);
const customer = (key: Customer): Walk => new Walk(account(key));

// ---------------------------------------------------------------- the three whose end of day is worked out by hand

const mara = customer('mara');
mara
  .at('08:05')
  .identify()
  .page('Home', '/')
  .search('two person tent')
  .list('Camping', 'tent', 'tarp', 'mat', 'lantern');
mara.view('tent').add('tent').view('lantern').add('lantern', 2);
mara.order({ orderId: 'AF-7001', coupon: 'SPRING', discount: 2045, shipping: 495 });
mara
  .at('20:41')
  .page('Account')
  .review('lantern', 5, 'Bright enough to read by, and it lasts the whole weekend.');

const oliver = customer('oliver');
oliver.at('09:12').identify().view('boots').add('boots').add('socks', 3);
oliver.order({ orderId: 'AF-7002', shipping: 395 });
oliver
  .at('12:30')
  .page('Account')
  .identify({
    email: 'o.hartley@fastmail.example',
    address: { city: 'Bath', postalCode: 'BA1 2LR', country: 'GB' },
    loyaltyPoints: 278,
  });
oliver.at('15:20').refund('AF-7002', 'socks');
oliver.at('19:03').view('beanie').add('beanie');

const priya = customer('priya');
priya
  .at('15:02')
  .identify()
  .search('wool blanket')
  .view('blanket', 'candle')
  .add('blanket', 2)
  .add('candle', 4)
  .view('basket')
  .add('basket')
  .remove('candle');
priya.checkout({ orderId: 'AF-7003' });
priya
  .at('21:15')
  .identify({ companyName: null, loyaltyPoints: 1335 })
  .track('Product Shared', { share_via: 'email', product_id: 'P-1014', name: 'Heather Wool Blanket' });

// ---------------------------------------------------------------- the other customers

customer('jonas')
  .at('07:10')
  .identify()
  .page('Home', '/')
  .page('Tools')
  .list('Tools', 'knife', 'axe')
  .view('axe', 'knife')
  .wish('axe')
  .page('Journal', '/journal/sharpening-an-axe')
  .at('18:22')
  .page('Tools')
  .view('axe')
  .search('leather sheath')
  .page('Home goods')
  .view('basket')
  .track('Promotion Clicked', {
    promotion_id: 'promo-spring',
    creative: 'hero-forest',
    name: 'Spring outside',
  });

const zoe = customer('zoe');
zoe
  .at('10:04')
  .identify()
  .page('Home', '/')
  .search('żółta kurtka')
  .list('Clothing', 'jacket', 'beanie')
  .view('jacket')
  .add('jacket')
  .add('beanie');
zoe.order({ orderId: 'AF-7005', shipping: 595 });
zoe
  .at('10:40')
  .page('Orders')
  .track('Email Subscribed', { list_name: 'Nowości & okazje', source: 'order confirmation' });
zoe.at('20:20').page('Home', '/').search('lampa').view('lantern', 'candle').wish('lantern');

const piotr = customer('piotr');
piotr
  .at('06:48')
  .identify()
  .list('Camp Kitchen', 'stove', 'kettle', 'mug')
  .view('stove')
  .add('stove')
  .view('kettle')
  .add('kettle')
  .add('mug', 4);
piotr.order({ orderId: 'AF-7006', coupon: 'KITCHEN', discount: 1225, shipping: 475 });
piotr
  .at('17:33')
  .page('Orders')
  .review('mug', 4, 'Lovely blue. The rim chips if you drop it on rock.')
  .review('stove', 5, 'Boils a litre in no time.');

const ingrid = customer('ingrid');
ingrid
  .at('11:20')
  .identify()
  .page('Footwear')
  .list('Footwear', 'boots', 'socks')
  .view('socks')
  .add('socks', 5);
ingrid.order({ orderId: 'AF-7007', shipping: 490 });
ingrid
  .at('19:50')
  .page('Orders')
  .page('Delivery and returns')
  .search('wool wash')
  .list('Clothing', 'beanie', 'jacket')
  .view('beanie');

const tomasz = customer('tomasz');
tomasz.at('13:05').identify().view('mat').add('mat', 2);
const tomaszOrder = tomasz.order({ orderId: 'AF-7008', shipping: 495 });
tomasz.at('13:31').view('tarp').add('tarp');
// His phone was in a tunnel: the client sends the order once more, after the new cart. Counted twice, it would empty it.
entries.push({ at: Date.parse('2026-03-14T13:36:00.000Z'), event: tomaszOrder.event });

const grace = customer('grace');
grace
  .at('09:40')
  .identify()
  .page('Home goods')
  .list('Home', 'blanket', 'candle', 'basket')
  .view('blanket', 'candle', 'basket')
  .add('blanket')
  .add('candle', 6)
  .add('basket', 2)
  .add('mug', 2);
grace.order({ orderId: 'AF-7009', coupon: 'HEARTH', discount: 1515 });
grace
  .at('16:55')
  .page('Orders')
  .refund('AF-7009', 'candle')
  .review('basket', 3, 'Pretty, but smaller than the picture.');

const samuel = customer('samuel');
samuel.at('08:50').identify();
samuel.emit({
  type: 'group',
  groupId: 'company-88',
  traits: { name: 'Waldhütte Brandt', industry: 'Hospitality', employees: 14 },
});
samuel.view('stove', 'mug').add('mug', 24).add('kettle', 6).add('blanket', 12);
samuel.order({ orderId: 'AF-7010', coupon: 'TRADE', discount: 15040 });
samuel
  .at('17:15')
  .page('Trade account')
  .list('Home', 'candle', 'basket')
  .view('candle', 'basket')
  .wish('basket');

const chloe = customer('chloe');
chloe
  .at('12:02')
  .screen('Start')
  .identify()
  .screen('Camp Kitchen')
  .list('Camp Kitchen', 'kettle', 'mug')
  .view('kettle')
  .add('kettle')
  .screen('Cart');
chloe.order({ orderId: 'AF-7011', shipping: 590 });
chloe.screen('Thank you');
chloe.at('21:05').screen('Start').search('couverture').view('blanket').screen('Wishlist').wish('blanket');

const henrik = customer('henrik');
henrik.at('14:11');
henrik.emit({ type: 'alias', userId: 'u-1012', previousId: 'app-5512' });
henrik
  .identify()
  .view('knife', 'axe')
  .add('knife')
  .track('Cart Viewed', { cart_id: 'cart-u-1012' })
  .page('Cart')
  .at('22:31')
  .page('Cart')
  .remove('knife')
  .add('axe');

const nadia = person({ anonymousId: 'anon-guest-n4d1a', locale: 'fr-FR' });
nadia
  .at('10:31')
  .page('Home', '/')
  .search('lanterne')
  .view('lantern')
  .add('lantern')
  .checkout({ orderId: 'AF-7013' });
nadia.orderCompleted(
  nadia.orderProperties({ orderId: 'AF-7013', shipping: 495, email: 'nadia.haddad@example.net' }),
);

const lucas = person({ anonymousId: 'anon-visit-1uca5', locale: 'pt-PT' });
lucas.at('16:01').page('Home', '/').search('rain jacket').view('jacket').add('jacket');
lucas.logsInAs(account('lucas')).track('Signed Up', { method: 'email' }).add('socks', 2);
lucas.order({ orderId: 'AF-7014', shipping: 795 });
lucas.at('20:12').page('Orders').view('boots').wish('boots');

const emily = customer('emily');
emily.at('17:05').identify().page('Home', '/').search('camp mug').view('mug').add('mug', 2);
emily.order({ orderId: 'AF-7015', shipping: 695 });
emily.at('21:40').emit(
  {
    type: 'identify',
    traits: { email: 'emily.carter@example.com', loyaltyPoints: 'six hundred and ten' },
    context: { locale: 'en-US' },
  },
  {
    comment:
      'loyaltyPoints has been a whole number all day and now comes as words: Iterable refuses the update.',
    expect: { updateUser: 'destination_field_type_conflict:dataFields.loyaltyPoints' },
  },
);

customer('daniel')
  .at('18:02')
  .identify()
  .page('Clothing')
  .list('Clothing', 'jacket', 'beanie')
  .view('beanie', 'jacket')
  .wish('jacket')
  .at('21:55')
  .track(
    'Product Viewed',
    { ...product('jacket', 'USD'), price: 'ask in store', currency: 'USD' },
    {
      comment:
        'price has been a number in every Product Viewed and now comes as text: Iterable refuses the event.',
      expect: { trackEvent: 'destination_field_type_conflict:dataFields.price' },
    },
  );

const aoife = customer('aoife');
aoife.at('11:48').identify().view('tarp').add('tarp').checkout({ orderId: 'AF-7017' });
{
  const whole = aoife.orderProperties({ orderId: 'AF-7017', shipping: 495 });
  const { total: _total, ...withoutTotal } = whole;
  aoife.orderCompleted(withoutTotal, {
    comment: 'An order without its total; the shop notices and sends it again, whole, a few minutes later.',
    expect: { trackPurchase: 'payload_required:total' },
  });
  aoife.at('12:04').orderCompleted(whole);
}
aoife.at('18:40').page('Orders').page('Camping').view('mat', 'lantern');

const marcus = customer('marcus');
marcus
  .at('13:50')
  .identify()
  .page('Tools')
  .list('Tools', 'knife', 'axe')
  .view('knife')
  .add('knife')
  .add('axe')
  .checkout({ orderId: 'AF-7018' });
{
  const order = marcus.orderProperties({ orderId: 'AF-7018', shipping: 395 });
  const [first, second] = order['products'] as [Fields, Fields];
  const { quantity: _quantity, ...withoutQuantity } = second;
  marcus.orderCompleted(
    { ...order, products: [first, withoutQuantity] },
    {
      comment: 'The second line has no quantity; the whole purchase is refused and the cart stays.',
      expect: { trackPurchase: 'payload_required:items[1].quantity' },
    },
  );
}

const sofia = customer('sofia');
sofia
  .at('14:40')
  .identify()
  .page('Home goods')
  .view('candle')
  .add('candle', 2)
  .cartUpdated(
    {},
    {
      comment: 'A cart update that does not say what is in the cart.',
      expect: { updateCart: 'payload_required:items' },
    },
  );
sofia.view('basket').add('basket').page('Cart');

customer('felix')
  .at('07:42')
  .identify()
  .track('Email Link Clicked', { campaignId: 48210, link_name: 'Spring outside' })
  .page('Camping')
  .view('tent', 'mat')
  .at('19:20')
  .track(
    'Email Link Clicked',
    { campaignId: 'spring', link_name: 'Last chance' },
    {
      comment: 'campaignId must be a whole number.',
      expect: { trackEvent: 'payload_wrong_type:campaignId' },
    },
  )
  .view('tent')
  .page('Cart');

const hannah = person({
  userId: 'u-1021',
  locale: 'de-DE',
  traits: {
    firstName: 'Hannah',
    lastName: 'Schulz',
    loyaltyTier: 'bronze',
    createdAt: '2026-03-14T09:50:12.000Z',
  },
});
hannah.at('09:51').emit(
  {
    type: 'identify',
    traits: {
      email: 'hannah.schulz(at)example.com',
      firstName: 'Hannah',
      lastName: 'Schulz',
      loyaltyTier: 'bronze',
      createdAt: '2026-03-14T09:50:12.000Z',
    },
    context: { locale: 'de-DE' },
  },
  {
    comment: 'The address is malformed but the userId is good: delivered by userId, without the address.',
    expect: { updateUser: 'delivered' },
  },
);

hannah
  .at('09:58')
  .page('Home', '/')
  .view('candle')
  .identify({ email: 'hannah.schulz@example.com' })
  .wish('candle')
  .page('Wishlist')
  .at('18:11')
  .page('Home goods')
  .list('Home', 'candle', 'blanket', 'basket')
  .view('basket')
  .add('basket');

const ben = customer('ben');
ben
  .at('08:30')
  .identify()
  .track('Signed Up', { method: 'google' })
  .page('Camping')
  .list('Camping', 'tent', 'mat', 'tarp')
  .view('tent', 'mat')
  .add('mat');
ben.order({ orderId: 'AF-7022', coupon: 'WELCOME', discount: 690, shipping: 395 });
ben.track('Email Subscribed', { list_name: 'News and offers', source: 'order confirmation' });

const leila = customer('leila');
leila
  .at('20:02')
  .identify()
  .page('Camp Kitchen')
  .search('kettle')
  .view('kettle', 'mug')
  .wish('kettle')
  .add('mug', 2)
  .remove('mug')
  .cartUpdated(
    { products: [{ ...product('kettle', 'EUR'), price: 'tba', quantity: 1 }] },
    {
      comment: 'The price of a cart line is text that is no number.',
      expect: { updateCart: 'payload_wrong_type:items[0].price' },
    },
  );

const noah = person({ anonymousId: 'anon-letter-n0ah4', locale: 'nl-BE' });
noah.at('07:55').emit({
  type: 'identify',
  traits: { email: 'noah.peeters@example.com', newsletter: true, firstName: 'Noah' },
  context: { locale: 'nl-BE' },
});
noah.track('Email Subscribed', {
  email: 'noah.peeters@example.com',
  list_name: 'News and offers',
  source: 'footer',
});

const yuki = customer('yuki');
yuki.at('16:30').identify().list('Footwear', 'boots', 'socks').view('boots').add('boots').add('socks', 2);
yuki.order({ orderId: 'AF-7025', coupon: 'TRAIL', discount: 1540, shipping: 895 });
yuki.at('22:10').page('Clothing').view('beanie').add('beanie', 2);
yuki.order({ orderId: 'AF-7026', shipping: 695 });
yuki.review('boots', 4, 'True to size, a little stiff on the first day.');

person({ userId: 'warehouse-scanner-07-of-the-eindhoven-returns-dock-unit-0042', locale: 'nl-NL' })
  .at('06:20')
  .track(
    'Return Scanned',
    { order_id: 'AF-6904', product_id: 'P-1012' },
    {
      comment: 'A userId of 60 characters, and no address: Iterable takes 52.',
      expect: { trackEvent: 'identity_invalid_user_id' },
    },
  );

// ---------------------------------------------------------------- unknown visitors

person({ anonymousId: 'anon-b1rch' })
  .at('06:10')
  .page('Home', '/')
  .list('Camping', 'tent', 'mat')
  .view('mat')
  .page('Delivery and returns');
person({ anonymousId: 'anon-a1der' })
  .at('22:40')
  .page('Journal', '/journal/spring-outside')
  .list('Tools', 'knife', 'axe')
  .view('knife')
  .page('Tools');

const hazel = person({ anonymousId: 'anon-h4ze1', currency: 'GBP' });
hazel
  .at('11:02')
  .page('Home', '/')
  .search('enamel')
  .view('mug')
  .add('mug', 2)
  .checkout({ orderId: 'AF-7030' });
hazel.orderCompleted(hazel.orderProperties({ orderId: 'AF-7030', shipping: 395 }), {
  comment: 'A guest order that lost its e-mail address: it names nobody.',
  expect: { trackPurchase: 'identity_missing' },
});

person({ anonymousId: 'anon-r0wan', currency: 'USD' })
  .at('19:44')
  .page('Home goods')
  .view('candle', 'basket')
  .track(
    'Email Subscribed',
    { email: 'rowan@@example', list_name: 'News and offers', source: 'exit popup' },
    {
      comment: 'The only identifier is a malformed address.',
      expect: { trackEvent: 'identity_invalid_email' },
    },
  );

person({ anonymousId: 'anon-w1ll0' })
  .at('15:33')
  .page('Home', '/')
  .emit(
    {
      type: 'identify',
      traits: { email: 'willow.example.com', newsletter: true },
      context: { locale: 'en-GB' },
    },
    {
      comment: 'The only identifier is a malformed address.',
      expect: { updateUser: 'identity_invalid_email' },
    },
  );

// ---------------------------------------------------------------- the day, in order

/** Every line of the day. Ids follow the clock; a line sent again keeps its id and its timestamp. */
export function generateDay(): DayEvent[] {
  const inOrder = entries.toSorted((a, b) => a.at - b.at).map(({ event }) => event);
  const firsts = [...new Set(inOrder)];
  firsts.forEach((event, index) => (event.messageId = `day-${String(index + 1).padStart(4, '0')}`));
  return inOrder;
}

export const toLines = (events: DayEvent[]): string =>
  events.map((event) => `${JSON.stringify(event)}\n`).join('');

if (import.meta.main) writeFileSync(dayFile, toLines(generateDay()));
