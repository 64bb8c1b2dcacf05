import type { Action, Destination } from '@waybill/core';
import { createTestDestination, type TestDestinationOptions, type TestRequest } from '../destination.ts';
import { createTestEvent } from '../event/create.ts';
import { sampleSettings, sampleValues, type SampleSize } from '../sample.ts';

/** The requests of an action for one sample payload. */
export interface ActionSnapshot {
  readonly payload?: unknown;
  readonly requests: readonly TestRequest[];
  readonly outcome: unknown;
}

/** Every action of a destination, with its required fields only and with all of them. */
export type DestinationSnapshot = Readonly<Record<string, Readonly<Record<SampleSize, ActionSnapshot>>>>;

/**
 * Runs every action with sample values for its required fields, then for all fields, and returns the requests. The result is
 * deterministic, so a snapshot of it shows every change of requests.
 */
export async function snapshotActions(
  destination: Destination,
  options: Omit<TestDestinationOptions, 'mappings'> = {},
): Promise<DestinationSnapshot> {
  const snapshot: Record<string, Record<SampleSize, ActionSnapshot>> = {};
  for (const [name, action] of Object.entries(destination.actions)) {
    snapshot[name] = {
      minimal: await shoot(destination, name, action, 'minimal', options),
      full: await shoot(destination, name, action, 'full', options),
    };
  }
  return snapshot;
}

async function shoot(
  destination: Destination,
  name: string,
  action: Action,
  size: SampleSize,
  options: Omit<TestDestinationOptions, 'mappings'>,
): Promise<ActionSnapshot> {
  const under = createTestDestination(destination, {
    ...options,
    settings: options.settings ?? sampleSettings(destination.settings),
    mappings: [
      { id: name, action: name, trigger: 'type = "track"', mapping: sampleValues(action.fields, size) },
    ],
  });
  const { items, requests } = await under.run(createTestEvent());
  const item = items[0]!;
  return {
    ...(item.payload === undefined ? {} : { payload: item.payload }),
    requests,
    outcome: item.outcome,
  };
}
