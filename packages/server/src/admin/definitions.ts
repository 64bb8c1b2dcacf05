import type { Action, Destination, Processor, Source } from '@waybill/core';

/** Returns a destination as plain data, for consoles and scripts. */
export function describeDestination(destination: Destination): unknown {
  return {
    slug: destination.slug,
    name: destination.name,
    description: destination.description,
    settings: destination.settings,
    maxMappings: destination.maxMappings,
    signsInByOAuth: destination.oauth !== undefined,
    audiences: destination.audiences?.fields,
    audienceMode: destination.audienceMode,
    deletesUsers: destination.deleteUser !== undefined,
    actions: Object.entries(destination.actions).map(([key, action]) => ({
      key,
      title: action.title,
      description: action.description,
      defaultTrigger: action.defaultTrigger,
      batch:
        action.batch === undefined
          ? undefined
          : {
              maxItems: action.batch.maxItems,
              maxBytes: action.batch.maxBytes,
              allOrNothing: action.batch.allOrNothing,
            },
      syncMode: action.syncMode,
      dynamicFields: Object.keys(action.dynamicFields ?? {}),
      hooks: action.hooks === undefined ? undefined : describeHooks(action.hooks),
      fields: action.fields,
    })),
    presets: destination.presets,
  };
}

function describeHooks(hooks: NonNullable<Action['hooks']>): unknown {
  return Object.fromEntries(
    Object.entries(hooks).map(([name, { label, description, fields, outputs, dynamicFields = {} }]) => [
      name,
      { label, description, fields, outputs, dynamicFields: Object.keys(dynamicFields) },
    ]),
  );
}

/** Returns a type of source as plain data. */
export function describeSource({ slug, name, description, settings }: Source): unknown {
  return { slug, name, description, settings };
}

/** Returns a type of processor as plain data. */
export function describeProcessor({
  slug,
  name,
  description,
  settings,
  trigger,
  events,
}: Processor): unknown {
  return { slug, name, description, settings, trigger, events };
}
