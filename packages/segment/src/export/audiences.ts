import type { Audience, AudienceAnswer, Destination } from '@waybill/core';
import type { RequestClient, UpstreamAudiences, UpstreamDefinition } from '../upstream/types.ts';
import { errorOf } from './errors.ts';
import { exportSettings } from './fields.ts';
import { requestThrough } from './request.ts';

type Input = Readonly<Record<string, unknown>>;

/** Converts the audiences of a destination, and when it expects their members, to the shape of Segment's framework. */
export function exportAudiences({
  audiences,
  audienceMode,
}: Destination): Pick<UpstreamDefinition, 'audienceFields' | 'audienceConfig'> {
  if (audiences === undefined && audienceMode === undefined) return {};
  const mode = exportMode(audienceMode);
  if (audiences === undefined) return { audienceFields: {}, audienceConfig: { mode } };
  const { fields, create, get } = audiences;
  return {
    audienceFields: exportSettings(fields),
    audienceConfig: {
      mode,
      createAudience: async (client, input) =>
        idOf(await create(contextOf(client, input), audienceOf(input))),
      getAudience: async (client, input) =>
        idOf(await get(contextOf(client, input), audienceOf(input), String(input['externalId']))),
    },
  };
}

/** There a definition that is for audiences must have a mode. */
function exportMode(mode: Destination['audienceMode']): NonNullable<UpstreamAudiences['mode']> {
  if (mode?.type === 'realtime') return { type: 'realtime' };
  return { type: 'synced', full_audience_sync: mode?.fullSync === true };
}

function contextOf(
  client: RequestClient,
  { settings }: Input,
): Parameters<NonNullable<Destination['audiences']>['create']>[0] {
  return { settings, request: requestThrough(client), now: Date.now };
}

/** The audience from the platform; one that is searched for has an ID and no name. */
function audienceOf({ audienceName, audienceSettings, personas }: Input): Audience {
  const told = (personas ?? {}) as Input;
  const key = String(audienceName ?? told['computation_key'] ?? '');
  return {
    id: String(told['computation_id'] ?? key),
    key,
    settings: (audienceSettings ?? {}) as Input,
    personas: told,
  };
}

function idOf(answer: AudienceAnswer): { readonly externalId: string } {
  if (answer.outcome === undefined) return { externalId: answer.externalId };
  throw errorOf(answer.outcome)!;
}
