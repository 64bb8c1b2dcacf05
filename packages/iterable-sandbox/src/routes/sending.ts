import { badParams, common, json, success, type Reply } from '../model/errors.ts';
import { admit, isAnonymous, locate, refusalReply, type Identity } from '../model/identity.ts';
import { unknownCampaign } from './metadata.ts';
import { perSecond, type ReceivedCall, type Route } from '../http/route.ts';
import { shape } from '../http/shape.ts';

/** Records the request. Nothing is ever sent. */
function record(call: ReceivedCall): Reply {
  const { project, endpoint, body } = call;
  project.sends.push({ seq: project.sends.length, at: project.now(), endpoint, request: body });
  project.stats.took(endpoint, 1, 0);
  return success();
}

/** A message to one user, who is created when unknown, as by any upsert. */
function target(call: ReceivedCall): Reply {
  const { project } = call;
  const { recipientEmail = null, recipientUserId = null } = call.body as Record<string, string | null>; // fits
  const identity: Identity = { email: recipientEmail, userId: recipientUserId };
  if (isAnonymous(identity)) return badParams('Either recipientEmail or recipientUserId must be specified');
  const unknown = unknownCampaign(call.body.campaignId);
  if (unknown !== undefined) return unknown;
  const place = locate(project, identity, 'upsert');
  if (place.refused !== undefined) return refusalReply(project, place, 'other');
  project.written(admit(project, place));
  return record(call);
}

/** Cancels a message; none ever waits, so only its identifiers are checked. */
function cancel(call: ReceivedCall): Reply {
  const campaignId = call.body.campaignId ?? undefined;
  const scheduledMessageId = call.body.scheduledMessageId ?? undefined;
  if (campaignId === undefined && scheduledMessageId === undefined) {
    return badParams('Either campaignId or scheduledMessageId must be specified');
  }
  return (campaignId === undefined ? undefined : unknownCampaign(campaignId)) ?? record(call);
}

function unknownList(call: ReceivedCall, listId: number): Reply {
  return common(400, 'Success', `error.lists.invalidListId(${listId})`, {
    projectId: call.project.id,
    listId,
  });
}

function triggerWorkflow(call: ReceivedCall): Reply {
  const { project } = call;
  const { email = null, userId = null } = call.body as Identity; // fits(shape)
  const identity: Identity = { email, userId };
  const listId = (call.body.listId ?? undefined) as number | undefined; // fits(shape)
  if (isAnonymous(identity)) {
    if (listId === undefined) return badParams('email, userId or listId must be specified');
    return project.lists.has(listId) ? record(call) : unknownList(call, listId);
  }
  const place = locate(project, identity, 'existing');
  return place.refused === undefined ? record(call) : refusalReply(project, place, 'other');
}

function triggerCampaign(call: ReceivedCall): Reply {
  const campaign = unknownCampaign(call.body.campaignId);
  if (campaign !== undefined) return campaign;
  const listIds = call.body.listIds as number[]; // fits(shape)
  if (listIds.length === 0) return badParams('listIds must not be empty');
  const unknown = listIds.find((id) => !call.project.lists.has(id));
  return unknown === undefined ? record(call) : unknownList(call, unknown);
}

const media = ['email', 'sms', 'push', 'webPush', 'whatsApp', 'inApp'];

/** Requests for messages, campaigns and journeys: accepted and recorded, never sent. */
export const sendingRoutes: readonly Route[] = [
  ...media.flatMap((medium): Route[] => [
    {
      method: 'POST',
      path: `/api/${medium}/target`,
      shape: shape({
        campaignId: 'integer!',
        recipientEmail: 'string',
        recipientUserId: 'string',
        dataFields: 'object',
        sendAt: 'string',
        allowRepeatMarketingSends: 'boolean',
        metadata: 'object',
      }),
      unpublishedLimit: true,
      handle: target,
    },
    {
      method: 'POST',
      path: `/api/${medium}/cancel`,
      shape: shape({
        campaignId: 'integer',
        email: 'string',
        userId: 'string',
        scheduledMessageId: 'integer',
      }),
      handle: cancel,
    },
  ]),
  {
    method: 'POST',
    path: '/api/workflows/triggerWorkflow',
    shape: shape({
      workflowId: 'integer!',
      email: 'string',
      userId: 'string',
      listId: 'integer',
      dataFields: 'object',
    }),
    unpublishedLimit: true,
    handle: triggerWorkflow,
  },
  {
    method: 'POST',
    path: '/api/campaigns/trigger',
    shape: shape({
      campaignId: 'integer!',
      listIds: 'integers!',
      suppressionListIds: 'integers',
      dataFields: 'object',
      allowRepeatMarketingSends: 'boolean',
    }),
    unpublishedLimit: true,
    handle: triggerCampaign,
  },
  {
    method: 'GET',
    path: '/api/inApp/getMessages',
    limits: perSecond(100),
    // Nothing is sent, so no message waits.
    handle: () => json({ inAppMessages: [] }),
  },
];
