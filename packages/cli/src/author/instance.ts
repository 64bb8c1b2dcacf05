import { defaultMapping, type Destination, type MappingConfig } from '@waybill/core';
import {
  createTestDestination,
  sampleSettings,
  type TestDestination,
  TestSetupError,
} from '@waybill/testing';
import { CommandFailure } from '../output/exit.ts';

/** An instance of a destination to try events on. */
export interface Instance {
  readonly id: string;
  readonly destination: Destination;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly mappings: readonly MappingConfig[];
}

/** Returns the default mappings for a try: the automatic presets, or each action with its defaults. */
export function startingMappings(destination: Destination): readonly MappingConfig[] {
  const automatic = destination.presets.filter(({ type }) => type === 'automatic');
  if (automatic.length > 0) return automatic.map(({ slug }) => ({ id: slug, preset: slug }));
  return Object.entries(destination.actions)
    .filter(([, action]) => action.defaultTrigger !== undefined)
    .map(([name, action]) => ({ id: name, action: name, mapping: defaultMapping(action.fields) }));
}

/** Creates an instance. Without sending, missing required settings get sample values. */
export function openInstance(instance: Instance, send: boolean): TestDestination {
  const { destination, mappings } = instance;
  const madeUp = send ? {} : sampleSettings(destination.settings);
  const settings = { ...madeUp, ...instance.settings };
  try {
    return createTestDestination(destination, {
      settings,
      mappings,
      clock: { now: Date.now },
      env: (name) => process.env[name] ?? (send ? undefined : `(${name} is not set)`),
      ...(send ? { live: true, allowedHosts: hostsOf(settings) } : {}),
    });
  } catch (error) {
    if (!(error instanceof TestSetupError)) throw error;
    throw new CommandFailure(`${instance.id}: ${error.message}`, undefined, { destination: instance.id });
  }
}

/** An address in settings on the user's own machine is allowed, even if it is a local one. */
export function hostsOf(settings: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.values(settings).flatMap((value) =>
    typeof value === 'string' && /^https?:/.test(value) && URL.canParse(value) ? [new URL(value).host] : [],
  );
}
