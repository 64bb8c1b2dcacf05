/** The platforms that there are local shops of. */
export const PLATFORMS = ['bigcommerce', 'commercetools', 'magento2', 'ultracart'] as const;

/** A platform. */
export type Platform = (typeof PLATFORMS)[number];
