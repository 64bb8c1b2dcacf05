import type { Audience, AudienceAnswer, Destination } from '@waybill/core';
import type { RequestClient, UpstreamDefinition } from '../upstream/types.ts';
import { errorOf } from './errors.ts';
import { exportSettings } from './fields.ts';
import { requestThrough } from './request.ts';

type Input = Readonly<Record<string, unknown>>;

/** Converts the audiences of a destination to the shape of Segment's framework; undefined where it has none. */
export function exportAudiences({
  audiences,
}: Destination): Pick<UpstreamDefinition, 'audienceFields' | 'audienceConfig'> {
  if (audiences === undefined) return {};
  const { fields, create, get } = audiences;
  return {
    audienceFields: exportSettings(fields),
    audienceConfig: {
      mode: { type: 'synced', full_audience_sync: false },
      createAudience: async (client, input) =>
        idOf(await create(contextOf(client, input), audienceOf(input))),
      getAudience: async (client, input) =>
        idOf(await get(contextOf(client, input), audienceOf(input), String(input['externalId']))),
    },
  };
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
