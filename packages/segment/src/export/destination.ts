import {
  compileTrigger,
  type DeletionRequest,
  type Destination,
  type Preset,
  TriggerError,
} from '@waybill/core';
import type { UpstreamDefinition, UpstreamPreset } from '../upstream/types.ts';
import { exportAction } from './action.ts';
import { exportAudiences } from './audiences.ts';
import { errorOf } from './errors.ts';
import { exportSettings } from './fields.ts';
import { requestThrough } from './request.ts';

/** A destination that cannot be expressed in Segment's framework; lists every reason. */
export class ExportError extends Error {
  readonly reasons: readonly string[];
  constructor(slug: string, reasons: readonly string[]) {
    super(`Destination "${slug}" cannot be exported: ${reasons.join(' ')}`);
    this.name = 'ExportError';
    this.reasons = reasons;
  }
}

/**
 * Converts a destination of Waybill to a definition for Segment's framework. Throws ExportError when a trigger cannot be
 * expressed there, or accounts are connected by OAuth.
 */
export function exportDestination(destination: Destination): UpstreamDefinition {
  const { slug, name, description, testConnection, deleteUser } = destination;
  const reasons = [...unsayable(destination), ...oauthReasons(destination)];
  if (reasons.length > 0) throw new ExportError(slug, reasons);
  return {
    name,
    slug,
    mode: 'cloud',
    description,
    authentication: {
      scheme: 'custom',
      fields: exportSettings(destination.settings),
      ...(testConnection === undefined
        ? {}
        : {
            testAuthentication: async (client, { settings }) => {
              const result = await testConnection({
                settings,
                request: requestThrough(client),
                now: Date.now,
              });
              if (result.ok) return;
              const { code, message } = result.issue;
              throw errorOf({ status: 'rejected', code, message });
            },
          }),
    },
    actions: Object.fromEntries(
      Object.entries(destination.actions).map(([key, action]) => [
        key,
        exportAction(key, action, destination),
      ]),
    ),
    presets: destination.presets.map(exportPreset),
    ...exportAudiences(destination),
    ...(deleteUser === undefined
      ? {}
      : {
          onDelete: async (client, { payload, settings }) => {
            const { userId, anonymousId } = payload as DeletionRequest;
            const context = { settings, request: requestThrough(client), now: Date.now };
            const error = errorOf(await deleteUser(context, { userId, anonymousId }));
            if (error !== undefined) throw error;
          },
        }),
  };
}

function exportPreset(preset: Preset): UpstreamPreset {
  const { name, action: partnerAction, mapping } = preset;
  return preset.type === 'automatic'
    ? { name, type: 'automatic', partnerAction, subscribe: preset.trigger, mapping }
    : { name, type: 'specificEvent', partnerAction, eventSlug: preset.eventSlug, mapping };
}

/** On Segment the platform connects accounts, and passes tokens to every call; a definition cannot. */
function oauthReasons({ oauth }: Destination): readonly string[] {
  if (oauth === undefined) return [];
  return [
    'oauth: Segment connects accounts itself; a definition cannot provide the addresses, nor tokens that `open` stores.',
  ];
}

/** Triggers that Segment's parser does not accept. */
function unsayable({ actions, presets }: Destination): string[] {
  const triggers = [
    ...Object.entries(actions).map(
      ([name, { defaultTrigger }]) => [`actions.${name}`, defaultTrigger] as const,
    ),
    ...presets.map(
      (preset) =>
        [`presets.${preset.slug}`, preset.type === 'automatic' ? preset.trigger : undefined] as const,
    ),
  ];
  return triggers.flatMap(([place, trigger]) => {
    if (trigger === undefined) return [];
    try {
      compileTrigger(trigger, { dialect: 'segment' });
      return [];
    } catch (error) {
      if (!(error instanceof TriggerError)) throw error;
      return [`${place}: ${error.message}`];
    }
  });
}
