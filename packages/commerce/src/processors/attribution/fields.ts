import { defineFields } from '@waybill/core';
import { settlingSettings } from '../settling.ts';

const text = (label: string, description: string) => ({ type: 'string', label, description }) as const;
const whole = (label: string, description: string) => ({ type: 'integer', label, description }) as const;

/** The settings. */
export const settings = defineFields({
  days: {
    type: 'integer',
    label: 'Days',
    description: 'How long a touch counts, in days: it does not count for later orders.',
    default: 30,
    minimum: 1,
    maximum: 365,
  },
  ...settlingSettings,
});

const touch = (label: string, description: string) =>
  ({
    type: 'object',
    label,
    description,
    properties: defineFields({
      at: text('Time', 'When, ISO 8601.'),
      source: text('Source', 'utm_source.'),
      medium: text('Medium', 'utm_medium.'),
      campaign: text('Campaign', 'utm_campaign.'),
      term: text('Term', 'utm_term.'),
      content: text('Content', 'utm_content.'),
      id: text('ID', 'utm_id.'),
      campaign_id: text('Campaign ID', 'Iterable campaign.'),
      template_id: text('Template ID', 'Iterable template.'),
      message_id: text('Message ID', 'Iterable message.'),
      click_ids: {
        type: 'object',
        label: 'Click IDs',
        description: 'Click IDs by parameter: gclid, fbclid.',
      },
    }),
  }) as const;

/** The derived event of an order. */
export const attributed = defineFields({
  order_id: { ...text('Order', 'The order.'), required: true },
  ordered_at: text('Placed', 'When the order was placed.'),
  revenue: { type: 'number', label: 'Revenue', description: 'Total with tax and shipping.' },
  currency: text('Currency', 'ISO 4217 code of the revenue.'),
  is_direct: { type: 'boolean', label: 'Direct', description: 'Whether there was no touch.', required: true },
  touches: whole('Touches', 'Number of touches that led to it.'),
  first_touch: touch('First Touch', 'The first touch.'),
  last_touch: touch('Last Touch', 'The last touch.'),
  campaignId: whole('Campaign ID', 'Iterable campaign of the last touch that has one.'),
  templateId: whole('Template ID', 'Its Iterable template.'),
  iterable_message_id: text('Message ID', 'Its Iterable message.'),
});
