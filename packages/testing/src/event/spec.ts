/** One event of the Segment spec, with typical properties. */
export interface SpecEvent {
  /** Which part of the spec it belongs to. */
  readonly part: 'ecommerce' | 'b2b' | 'mobile' | 'video' | 'chat' | 'email' | 'testing' | 'audience';
  readonly properties: Readonly<Record<string, unknown>>;
}

const product = {
  product_id: 'p-1',
  sku: 'TEA-1',
  category: 'Tea',
  name: 'Assam',
  brand: 'Leaf & Co',
  variant: '100 g',
  price: 12.5,
  quantity: 2,
  coupon: 'SPRING',
  position: 1,
  url: 'https://shop.example/p-1',
  image_url: 'https://shop.example/p-1.jpg',
};
const second = {
  product_id: 'p-2',
  sku: 'POT-1',
  category: 'Pots',
  name: 'Teapot',
  brand: 'Clay',
  variant: 'blue',
  price: 30,
  quantity: 1,
  position: 2,
  url: 'https://shop.example/p-2',
  image_url: 'https://shop.example/p-2.jpg',
};
const products = [product, second];
const list = { list_id: 'l-1', category: 'Tea', products };
const promotion = {
  promotion_id: 'promo-1',
  creative: 'top_banner',
  name: 'Spring sale',
  position: 'home_top',
};
const step = { checkout_id: 'c-1', step: 1, shipping_method: 'Parcel', payment_method: 'Card' };
const order = {
  checkout_id: 'c-1',
  order_id: 'o-1',
  affiliation: 'Web shop',
  subtotal: 55,
  total: 61.5,
  revenue: 55,
  shipping: 4,
  tax: 5,
  discount: 2.5,
  coupon: 'SPRING',
  currency: 'EUR',
  products,
};
const coupon = { order_id: 'o-1', cart_id: 'cart-1', coupon_id: 'SPRING' };
const wishlist = { wishlist_id: 'w-1', wishlist_name: 'Birthday', ...product };
const share = {
  share_via: 'email',
  share_message: 'Have a look.',
  recipient: 'friend@example.com',
};
const account = { account_name: 'Leaf & Co', type: 'business' };
const app = { version: '2.4.0', build: '240' };
const push = {
  action: 'View',
  campaign: { medium: 'Push', source: 'Vendor', name: 'Spring sale', content: 'Tea for you' },
};
const playback = {
  session_id: 's-1',
  content_asset_ids: ['a-1'],
  content_pod_ids: ['pod-1'],
  position: 30,
  total_length: 600,
  bitrate: 2400,
  framerate: 30,
  video_player: 'html5',
  sound: 80,
  full_screen: false,
  ad_enabled: true,
  quality: 'hd1080',
  livestream: false,
};
const content = {
  session_id: 's-1',
  asset_id: 'a-1',
  pod_id: 'pod-1',
  title: 'How tea is grown',
  description: 'A film.',
  season: '1',
  episode: '3',
  genre: 'Documentary',
  program: 'Leaves',
  publisher: 'Leaf & Co',
  position: 30,
  total_length: 600,
  full_episode: true,
  airdate: '2026-01-01',
};
const ad = {
  session_id: 's-1',
  asset_id: 'ad-1',
  pod_id: 'pod-1',
  pod_position: 1,
  type: 'pre-roll',
  title: 'Teapots',
  publisher: 'Clay',
  position: 5,
  total_length: 30,
  load_type: 'dynamic',
};
const chat = { agent_id: 'agent-1', agent_name: 'Grace', agent_username: 'grace', conversation_id: 'conv-1' };
const email = {
  email_id: 'mail-1',
  email_subject: 'Tea for you',
  campaign_id: 'cam-1',
  campaign_name: 'Spring',
};
const audience = { audience_key: 'tea_lovers', audience_name: 'Tea lovers', tea_lovers: true };

function part(name: SpecEvent['part'], events: Readonly<Record<string, Readonly<Record<string, unknown>>>>) {
  return Object.entries(events).map(([event, properties]) => [event, { part: name, properties }] as const);
}

/** Every named track event of the Segment spec. */
export const SPEC_EVENTS: ReadonlyMap<string, SpecEvent> = new Map<string, SpecEvent>([
  ...part('ecommerce', {
    'Products Searched': { query: 'assam' },
    'Product List Viewed': list,
    'Product List Filtered': {
      ...list,
      filters: [{ type: 'department', value: 'tea' }],
      sorts: [{ type: 'price', value: 'desc' }],
    },
    'Promotion Viewed': promotion,
    'Promotion Clicked': promotion,
    'Product Clicked': product,
    'Product Viewed': { ...product, currency: 'EUR', value: 25 },
    'Product Added': { cart_id: 'cart-1', ...product },
    'Product Removed': { cart_id: 'cart-1', ...product },
    'Cart Viewed': { cart_id: 'cart-1', products },
    'Checkout Started': { ...order, value: 61.5 },
    'Checkout Step Viewed': step,
    'Checkout Step Completed': step,
    'Payment Info Entered': { ...step, order_id: 'o-1' },
    'Order Updated': order,
    'Order Completed': order,
    'Order Refunded': { order_id: 'o-1', total: 61.5, currency: 'EUR', products },
    'Order Cancelled': order,
    'Coupon Entered': coupon,
    'Coupon Applied': { ...coupon, coupon_name: 'Spring sale', discount: 2.5 },
    'Coupon Denied': { ...coupon, reason: 'Expired' },
    'Coupon Removed': { ...coupon, coupon_name: 'Spring sale', discount: 2.5 },
    'Product Added to Wishlist': wishlist,
    'Product Removed from Wishlist': wishlist,
    'Wishlist Product Added to Cart': { ...wishlist, cart_id: 'cart-1' },
    'Product Shared': { ...share, ...product },
    'Cart Shared': { ...share, cart_id: 'cart-1', products: [{ product_id: 'p-1' }, { product_id: 'p-2' }] },
    'Product Reviewed': { product_id: 'p-1', review_id: 'r-1', review_body: 'Strong.', rating: '5' },
  }),
  ...part('b2b', {
    'Account Created': account,
    'Account Deleted': account,
    'Signed Up': {
      type: 'organic',
      first_name: 'Ada',
      last_name: 'Lovelace',
      email: 'ada@example.com',
      phone: '+14155550123',
      username: 'ada',
      title: 'Analyst',
    },
    'Signed In': { username: 'ada' },
    'Signed Out': { username: 'ada' },
    'Invite Sent': {
      invitee_email: 'grace@example.com',
      invitee_first_name: 'Grace',
      invitee_last_name: 'Hopper',
      invitee_role: 'Owner',
    },
    'Account Added User': { role: 'Owner' },
    'Account Removed User': {},
    'Trial Started': {
      trial_start_date: '2026-01-01',
      trial_end_date: '2026-01-31',
      trial_plan_name: 'Business',
    },
    'Trial Ended': {
      trial_start_date: '2026-01-01',
      trial_end_date: '2026-01-31',
      trial_plan_name: 'Business',
    },
  }),
  ...part('mobile', {
    'Application Installed': app,
    'Application Opened': {
      ...app,
      from_background: false,
      referring_application: 'Mail',
      url: 'shop://home',
    },
    'Application Backgrounded': {},
    'Application Foregrounded': {},
    'Application Updated': { ...app, previous_version: '2.3.0', previous_build: '230' },
    'Application Uninstalled': {},
    'Application Crashed': {},
    'Push Notification Received': push,
    'Push Notification Tapped': push,
    'Push Notification Bounced': push,
    'Install Attributed': {
      provider: 'Vendor',
      campaign: {
        source: 'Network',
        name: 'Spring',
        content: 'Tea',
        ad_creative: 'Blue',
        ad_group: 'Drinks',
      },
    },
    'Deep Link Clicked': { provider: 'Vendor', url: 'shop://p-1' },
    'Deep Link Opened': { provider: 'Vendor', url: 'shop://p-1' },
  }),
  ...part('video', {
    'Video Playback Started': playback,
    'Video Playback Paused': playback,
    'Video Playback Interrupted': { ...playback, method: 'device lock' },
    'Video Playback Buffer Started': playback,
    'Video Playback Buffer Completed': playback,
    'Video Playback Seek Started': { ...playback, seek_position: 120 },
    'Video Playback Seek Completed': { ...playback, seek_position: 120 },
    'Video Playback Resumed': playback,
    'Video Playback Completed': playback,
    'Video Playback Exited': playback,
    'Video Quality Updated': playback,
    'Video Content Started': content,
    'Video Content Playing': content,
    'Video Content Completed': content,
    'Video Ad Started': ad,
    'Video Ad Playing': ad,
    'Video Ad Completed': ad,
  }),
  ...part('chat', {
    'Live Chat Conversation Started': chat,
    'Live Chat Conversation Ended': { ...chat, conversation_duration: 300 },
    'Live Chat Message Sent': { ...chat, message_id: 'm-1', message_body: 'Is it strong?' },
    'Live Chat Message Received': { ...chat, message_id: 'm-2', message_body: 'Very.' },
  }),
  ...part('email', {
    'Email Delivered': email,
    'Email Opened': email,
    'Email Link Clicked': { ...email, link_id: 'link-1', link_url: 'https://shop.example/p-1' },
    'Email Bounced': email,
    'Email Marked as Spam': email,
    Unsubscribed: { ...email, list_id: 'list-1', list_name: 'News' },
  }),
  ...part('testing', {
    'Experiment Viewed': {
      experiment_id: 'e-1',
      experiment_name: 'New home page',
      variation_id: 'v-2',
      variation_name: 'Big picture',
    },
  }),
  ...part('audience', {
    'Audience Entered': audience,
    'Audience Exited': { ...audience, tea_lovers: false },
  }),
]);

/** Typical traits of a person. */
export const PERSON_TRAITS = {
  email: 'ada@example.com',
  firstName: 'Ada',
  lastName: 'Lovelace',
  name: 'Ada Lovelace',
  phone: '+14155550123',
  birthday: '1815-12-10T00:00:00.000Z',
  age: 36,
  createdAt: '2025-11-02T08:30:00.000Z',
  plan: 'premium',
  company: { id: 'co-1', name: 'Leaf & Co', employee_count: 12 },
  address: { street: '12 St James Square', city: 'London', postalCode: 'SW1Y 4LB', country: 'GB' },
};

/** Typical traits of a group. */
export const GROUP_TRAITS = {
  name: 'Leaf & Co',
  industry: 'Food',
  employees: 12,
  plan: 'business',
  website: 'https://leaf.example',
  address: { city: 'London', country: 'GB' },
};

/** Typical properties of a page. */
export const PAGE_PROPERTIES = {
  title: 'Assam',
  path: '/p-1',
  url: 'https://shop.example/p-1',
  search: '',
  referrer: 'https://search.example/',
  category: 'Tea',
};
