import { badParams, common, json, type Reply } from '../model/errors.ts';
import type { JsonObject } from '../json.ts';
import { perMinute, perSecond, type ReceivedCall, type Route } from '../http/route.ts';
import { shape } from '../http/shape.ts';

const SEEDED_AT = Date.UTC(2024, 0, 1);

const channels = [
  { id: 1, name: 'Marketing', channelType: 'Marketing', messageMedium: 'Email' },
  { id: 2, name: 'Transactional', channelType: 'Transactional', messageMedium: 'Email' },
];

const messageTypes = [
  { id: 11, name: 'Newsletter', channelId: 1 },
  { id: 12, name: 'Order mail', channelId: 2 },
].map((type) => ({ ...type, subscriptionPolicy: 'OptOut', createdAt: SEEDED_AT, updatedAt: SEEDED_AT }));

const campaigns = [
  { id: 101, name: 'Welcome', type: 'Triggered', campaignState: 'Running', templateId: 201 },
  { id: 102, name: 'Spring sale', type: 'Blast', campaignState: 'Finished', templateId: 202 },
].map((campaign) => ({
  ...campaign,
  messageMedium: 'Email',
  createdAt: SEEDED_AT,
  updatedAt: SEEDED_AT,
  createdByUserId: 'owner@example.com',
}));

const templates = [
  { templateId: 201, name: 'Welcome', messageTypeId: 11 },
  { templateId: 202, name: 'Spring sale', messageTypeId: 11 },
].map((template) => ({
  ...template,
  createdAt: SEEDED_AT,
  updatedAt: SEEDED_AT,
  creatorUserId: 'owner@example.com',
}));

const webhook = {
  id: 301,
  endpoint: 'https://example.com/iterable',
  enabled: false,
  blastSendEnabled: false,
  triggeredSendEnabled: false,
  authType: 'NoAuth',
  channelIds: [1],
  messageTypeIds: [11],
};

function paged(call: ReceivedCall, all: readonly object[]): { page: readonly object[]; links: JsonObject } {
  const size = Math.min(1000, Math.max(1, Math.trunc(Number(call.query.get('pageSize') ?? 20)) || 20));
  const number = Math.max(1, Math.trunc(Number(call.query.get('page') ?? 1)) || 1);
  const url = (to: number) => `${call.endpoint}?page=${to}&pageSize=${size}`;
  const links: JsonObject = {};
  if (number * size < all.length) links.nextPageUrl = url(number + 1);
  if (number > 1) links.previousPageUrl = url(number - 1);
  return { page: all.slice((number - 1) * size, number * size), links };
}

function getCampaigns(call: ReceivedCall): Reply {
  const states = call.query.getAll('campaignState');
  const all = campaigns.filter(({ campaignState }) => states.length === 0 || states.includes(campaignState));
  const { page, links } = paged(call, all);
  return json({ campaigns: page, totalCampaignsCount: all.length, ...links });
}

function getCampaign(call: ReceivedCall): Reply {
  const campaign = campaigns.find(({ id }) => id === Number(call.params[0]));
  return campaign === undefined
    ? common(404, 'NotFound', `Campaign not found: ${call.params[0]}`)
    : json(campaign);
}

/** Returns the 400 for an unknown campaign; undefined for a known one. */
export function unknownCampaign(id: unknown): Reply | undefined {
  return campaigns.some((campaign) => campaign.id === id)
    ? undefined
    : badParams(`Campaign not found: ${String(id)}`);
}

/** One line per campaign. Nothing is ever sent, so all metrics are zero. */
function getMetrics(call: ReceivedCall): Reply {
  const ids = call.query.getAll('campaignId').map(Number);
  if (ids.length === 0) return badParams('campaignId must be specified');
  const refused = ids.map(unknownCampaign).find((reply) => reply !== undefined);
  if (refused !== undefined) return refused;
  const columns = [
    'id',
    'Total Email Sends',
    'Total Emails Delivered',
    'Total Email Opens',
    'Total Email Clicks',
  ];
  const rows = ids.map((id) => [id, ...columns.slice(1).map(() => 0)].join(','));
  return {
    status: 200,
    body: `${[columns.join(','), ...rows].join('\n')}\n`,
    type: 'text/csv; charset=utf-8',
  };
}

function getTemplates(call: ReceivedCall): Reply {
  const { page, links } = paged(call, templates);
  return json({ templates: page, totalTemplatesCount: templates.length, ...links });
}

function getTemplate(call: ReceivedCall): Reply {
  const template = templates.find(({ templateId }) => templateId === Number(call.query.get('templateId')));
  return template === undefined
    ? badParams('Template not found')
    : json({ ...template, subject: template.name });
}

/** Webhooks can only be created in the user interface; the API updates existing ones. */
function postWebhook(call: ReceivedCall): Reply {
  // The published body has `id`, the official client sends `webhookId`.
  const id = call.body.id ?? call.body.webhookId;
  if (id !== webhook.id) return badParams(`Webhook ${String(id)} does not exist`);
  const { endpoint, enabled } = call.body;
  return json({
    ...webhook,
    ...(typeof endpoint === 'string' ? { endpoint } : {}),
    ...(typeof enabled === 'boolean' ? { enabled } : {}),
  });
}

const reads = { limits: perSecond(100), keys: 'readOnly' } as const;

/** Small seeded sets of objects that marketers create in the user interface. */
export const metadataRoutes: readonly Route[] = [
  { method: 'GET', path: '/api/channels', ...reads, handle: () => json({ channels }) },
  { method: 'GET', path: '/api/messageTypes', ...reads, handle: () => json({ messageTypes }) },
  { method: 'GET', path: '/api/campaigns', ...reads, handle: getCampaigns },
  {
    method: 'GET',
    path: '/api/campaigns/metrics',
    limits: perMinute(10),
    keys: 'readOnly',
    handle: getMetrics,
  },
  { method: 'GET', path: '/api/campaigns/{id}', ...reads, handle: getCampaign },
  { method: 'GET', path: '/api/templates', ...reads, handle: getTemplates },
  { method: 'GET', path: '/api/templates/email/get', ...reads, handle: getTemplate },
  { method: 'GET', path: '/api/webhooks', handle: () => json({ webhooks: [webhook] }) },
  {
    method: 'POST',
    path: '/api/webhooks',
    shape: shape({ id: 'integer', webhookId: 'integer' }),
    handle: postWebhook,
  },
];
