import type { Audience, AudienceAnswer, Destination } from '@waybill/core';
import type { UpstreamDefinition } from '@waybill/segment';
import { type Asked, FAILED, PLATFORM, withoutAuth } from './asked.ts';
import { inputsFor } from './cases.ts';

/* Audiences of a definition: made and looked for, with what a person may set for them and without it. */

const PERSONAS = {
  computation_class: 'audience',
  computation_id: 'aud_1',
  computation_key: 'big_spenders',
  namespace: 'spa_1',
  space_id: 'spa_1',
};

/** The questions to a definition with audiences; empty for others. */
export function audiencesOf(
  { slug = '', audienceFields = {} }: UpstreamDefinition,
  { audiences }: Destination,
): readonly Asked[] {
  if (audiences === undefined) return [];
  const fill = (turn: number): Audience['settings'] => inputsFor(`${slug}/audience`, audienceFields, turn);
  return [{}, fill(0), fill(1), fill(2)].flatMap((settings, turn): readonly Asked[] => {
    const audience = (): Audience => {
      const { computation_id: id, computation_key: key } = PERSONAS;
      return { id, key, settings: structuredClone(settings), personas: { ...PERSONAS } };
    };
    const given = (own: object, auth: object): object => ({
      ...PLATFORM,
      settings: { ...withoutAuth(own), ...auth },
      audienceSettings: structuredClone(settings),
    });
    return [
      {
        kind: 'audience',
        name: `${slug} createAudience, ${turn}`,
        theirs: async (runtime, own, auth) => {
          const named = { personas: { ...PERSONAS }, audienceName: PERSONAS.computation_key };
          return shown(await runtime.createAudience({ ...given(own, auth), ...named }));
        },
        ours: async (context) => shownOwn(await audiences.create(context, audience())),
      },
      {
        kind: 'audience',
        name: `${slug} getAudience, ${turn}`,
        theirs: async (runtime, own, auth) =>
          shown(await runtime.getAudience({ ...given(own, auth), externalId: 'external-1' })),
        ours: async (context) => shownOwn(await audiences.get(context, audience(), 'external-1')),
      },
    ];
  });
}

/** An invalid ID counts as no ID: upstream passes on whatever a definition returns. */
function shown(value: unknown): unknown {
  const { externalId } = (value ?? {}) as { readonly externalId?: unknown };
  if (typeof externalId === 'number') return String(externalId);
  return typeof externalId === 'string' && externalId !== '' ? externalId : FAILED;
}

function shownOwn(answer: AudienceAnswer): unknown {
  return answer.outcome === undefined ? answer.externalId : FAILED;
}
