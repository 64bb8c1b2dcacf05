// Rows of the shape of the API, written for these tests.

const usd = (value: number) => ({ value, localized: value });
const euro = (value: number, localized: number) => ({ value, localized });

/** An order with a kit, a coupon, and a surcharge that only the total includes. */
export const order = {
  merchant_id: 'DEMO',
  order_id: 'DEMO-0009104390',
  current_stage: 'Shipping Department',
  creation_dts: '2026-02-03T11:48:56-05:00',
  language_iso_code: 'FRE',
  billing: {
    first_name: 'Pat',
    last_name: 'Example',
    email: 'Pat@example.com',
    day_phone: '555-010-0100',
    day_phone_e164: '+15550100100',
    address1: '1 Main St',
    address2: 'Apt 2',
    city: 'Tucker',
    state_region: 'GA',
    postal_code: '30085',
    country_code: 'US',
  },
  shipping: {
    first_name: 'Sam',
    shipping_method: 'USPS: Retail Ground',
    tracking_numbers: [''],
    tracking_number_details: [],
  },
  summary: {
    subtotal: usd(20),
    subtotal_discount: usd(2),
    shipping_handling_total: usd(5),
    shipping_handling_total_discount: usd(1),
    tax: usd(1.6),
    total: usd(24.6),
    total_refunded: usd(0),
  },
  items: [
    {
      item_index: 1,
      merchant_item_id: 'KIT',
      quantity: 2,
      description: "Pat's kit\nCode: NKFDWBNJ81",
      cost: usd(10),
      total_cost_with_discount: usd(18),
      kit: true,
      options: [
        { label: 'Size', value: 'XL' },
        { label: 'Secret', value: 'x', hidden: true },
      ],
    },
    {
      item_index: 2,
      merchant_item_id: 'BONE',
      quantity: 2,
      description: 'Bone',
      cost: usd(0),
      kit_component: true,
      parent_item_index: 1,
    },
  ],
  coupons: [{ coupon_code: '5OFF-XYZ', base_coupon_code: '5OFF' }],
  marketing: { mailing_list: true, cell_phone_opt_in: false, advertising_source: 'friend' },
  utms: [
    { utm_source: 'google', utm_medium: 'cpc', utm_campaign: 'brand', utm_id: 'c1', glcid: 'abc' },
    { utm_source: 'first' },
  ],
  properties: [
    { name: 'iterable_campaign_id', value: '77' },
    { name: 'giftNote', value: 'Hi' },
  ],
  checkout: {
    storefront_host_name: 'shop.example.com',
    customer_ip_address: '203.0.113.9',
    custom_field1: 'blue',
  },
  payment: {
    payment_method: 'Credit Card',
    payment_status: 'Processed',
    payment_dts: '2026-02-03T11:49:00-05:00',
    test_order: false,
    credit_card: { card_number: '4111111111111111' },
  },
  customer_profile: { customer_profile_oid: 3216, password: 'secret' },
};

/** The same paid in euro, with dollars as base currency. */
export const euroOrder = {
  ...order,
  currency_code: 'EUR',
  summary: { subtotal: euro(20, 18), tax: euro(0, 0), total: euro(20, 18) },
};

/** A renewal that was shipped, with two partial refunds. */
export const rebill = {
  ...order,
  order_id: 'DEMO-0009105091',
  current_stage: 'Completed Order',
  refund_dts: '2026-02-06T10:00:00-05:00',
  auto_order: { auto_order_oid: 4411, original_order_id: 'DEMO-0009103000', status: 'active' },
  shipping: {
    shipping_method: 'UPS: SurePost',
    shipping_date: '2026-02-05T09:00:00-05:00',
    tracking_numbers: ['1Z1', '1Z2'],
    tracking_number_details: [
      {
        tracking_number: '1Z1',
        tracking_url: 'https://track.example/1Z1',
        shipping_method: 'UPS: Ground',
        actual_delivery_date: '2026-02-07T12:00:00-05:00',
      },
    ],
  },
  refund_reason: 'CustomerCancel',
  summary: {
    ...order.summary,
    subtotal_refunded: usd(6),
    shipping_handling_refunded: usd(2.5),
    tax_refunded: usd(0.5),
    total_refunded: usd(9),
  },
  items: [
    {
      item_index: 1,
      merchant_item_id: 'BONE',
      quantity: 2,
      description: 'Bone',
      cost: usd(10),
      total_cost_with_discount: usd(20),
      quantity_refunded: 1,
      total_refunded: usd(9),
      shipped_dts: '2026-02-05T09:00:00-05:00',
    },
  ],
};

/** A customer profile. */
export const customer = {
  customer_profile_oid: 3216,
  merchant_id: 'DEMO',
  email: 'pat@example.com',
  signup_dts: '2024-05-01T10:00:00-04:00',
  last_modified_dts: '2026-02-03T11:50:00-05:00',
  password: 'secret',
  tax_id: '12-345',
  cards: [{ card_number: '4111' }],
  billing: [
    { first_name: 'Other', country_code: 'US' },
    {
      first_name: 'Pat',
      last_name: 'Example',
      day_phone: '555-010-0100',
      country_code: 'US',
      city: 'Tucker',
      default_billing: true,
    },
  ],
  orders_summary: { order_count: 7, total: 311.4, last_order_dts: '2026-02-03T11:48:56-05:00' },
  activity: {
    global_unsubscribed: false,
    memberships: [
      { name: 'Newsletter', type: 'list' },
      { name: 'Big', type: 'segment' },
    ],
  },
  tags: [{ tag_value: 'vip' }],
  pricing_tiers: [{ name: 'Wholesale' }],
  properties: [{ name: 'shoeSize', value: '43' }],
};

/** A recurring order. */
export const autoOrder = {
  auto_order_oid: 4411,
  auto_order_code: 'R7F3K2',
  original_order_id: order.order_id,
  status: 'active',
  enabled: true,
  credit_card_attempt: 1,
  next_attempt: '2026-03-03T00:00:00-05:00',
  items: [
    {
      auto_order_item_oid: 9001,
      original_item_id: 'KIT',
      original_quantity: 1,
      frequency: 'Monthly',
      number_of_rebills: 3,
      last_order_dts: '2026-02-03T03:00:00-05:00',
      paused: false,
    },
  ],
  rebill_orders: [{ order_id: 'DEMO-0009104999', creation_dts: '2026-02-03T03:00:12-05:00' }],
};

/** An item with two pictures. */
export const item = {
  merchant_item_oid: 2114,
  merchant_item_id: 'BONE',
  merchant_id: 'DEMO',
  description: 'Bone',
  creation_dts: '2024-01-01T00:00:00-05:00',
  last_modified_dts: '2026-01-02T00:00:00-05:00',
  parent_category_path: '/Dogs/Treats/',
  pricing: { cost: 17.95, currency_code: 'USD', sale_cost: 15, sale_start: '2025-12-01T00:00:00-05:00' },
  content: {
    view_url: 'https://shop.example.com/bone.html',
    extended_description: '<p>Good <b>bone</b></p>',
    multimedia: [
      {
        type: 'Image',
        url: 'https://img.example/bone.jpg',
        width: 1200,
        height: 900,
        thumbnails: [
          { https_url: 'https://img.example/bone-80.jpg', width: 80, height: 60 },
          { https_url: 'https://img.example/bone-400.jpg', width: 400, height: 300 },
        ],
      },
      { type: 'PDF', url: 'https://img.example/bone.pdf' },
    ],
  },
  identifiers: { manufacturer_name: 'Bones Inc' },
  shipping: {
    track_inventory: true,
    distribution_centers: [{ available_to_allocate: 3 }, { inventory_level: 4 }],
  },
  reviews: { review_count: 1, has_review: true },
};

/** A review of it. */
export const review = {
  review_oid: 5,
  order_id: order.order_id,
  customer_profile_oid: 3216,
  reviewer_email: 'pat@example.com',
  overall: 4,
  title: 'Good',
  review: 'My dog likes it.',
  status: 'unapproved',
  submitted_dts: '2026-02-10T08:00:00-05:00',
};

/** An abandoned cart. */
export const cart = {
  cart_id: '9F1B2C3D4E5F60718293A4B5C6D7E8F9',
  base_currency_code: 'USD',
  currency_code: 'USD',
  language_iso_code: 'ENG',
  billing: { email: 'pat@example.com', cell_phone_e164: '+15550100100' },
  items: [
    {
      item_id: 'BONE',
      position: 1,
      quantity: 2,
      description: 'Bone',
      unit_cost: usd(17.95),
      total_cost_with_discount: usd(35.9),
      default_image_url: 'https://img.example/bone.jpg',
      view_url: 'https://shop.example.com/bone.html',
    },
  ],
  coupons: [{ coupon_code: '5OFF' }],
  summary: {
    subtotal: usd(35.9),
    subtotal_discount: usd(1.8),
    tax: usd(0),
    shipping_handling: usd(0),
    total: usd(34.1),
  },
  marketing: { mailing_list_opt_in: false, cell_phone_opt_in: true },
  checkout: {
    return_url: 'https://shop.example.com/checkout?return=ABC123XYZ',
    storefront_host_name: 'shop.example.com',
  },
  utms: [{ utm_source: 'newsletter' }],
};
