/** The platforms with local shops. */
export const PLATFORMS = ['bigcommerce', 'commercetools', 'magento2', 'ultracart'] as const;

/** A platform. */
export type Platform = (typeof PLATFORMS)[number];
