import type { Action, Destination } from '@waybill/core';
import { Failure } from '../failure.ts';
import { type Described, type DescribedAction, FUNCTIONS } from './protocol.ts';

/** The longest description of a module's destinations, as JSON. */
const LONGEST = 16 * 1024 * 1024;

/** Destinations as data: what can be known of them without their code. */
export function describe(destinations: readonly Destination[]): readonly Described[] {
  const described = destinations.map((one): Described => {
    const { slug, name, description, settings, presets, maxMappings } = one;
    const actions = Object.entries(one.actions).map(([key, action]) => [key, describeAction(action, one)]);
    const has = FUNCTIONS.filter((key) => typeof one[key] === 'function');
    return {
      slug,
      name,
      description,
      settings,
      presets,
      maxMappings,
      actions: Object.fromEntries(actions) as Described['actions'],
      has,
    };
  });
  const text = JSON.stringify(described);
  if (text.length > LONGEST)
    throw new Failure('module_failed', 'What describes the destinations is larger than 16 MB.');
  // By value: functions among the data, and what else is no JSON, stay where they are.
  return JSON.parse(text) as readonly Described[];
}

function describeAction(action: Action, destination: Destination): DescribedAction {
  const { title, description, defaultTrigger, fields, batch, delta, identifiers } = action;
  return {
    title,
    description,
    fields,
    ...(defaultTrigger === undefined ? {} : { defaultTrigger }),
    ...(batch === undefined
      ? {}
      : {
          batch: {
            maxItems: batch.maxItems,
            maxBytes: batch.maxBytes,
            ...(batch.oneItemPerUser === undefined ? {} : { oneItemPerUser: batch.oneItemPerUser }),
          },
        }),
    ...(delta === undefined ? {} : { delta: { fields: delta.fields } }),
    dynamicFields: Object.keys(action.dynamicFields ?? {}),
    derives:
      batch?.groupBy !== undefined || (destination.projectType !== undefined && identifiers !== undefined),
  };
}
