import {
  type Action,
  type Destination,
  identifierMembers,
  type ShopStream,
  type Source,
} from '@waybill/core';
import type { Exported } from '@waybill/definitions/modules';
import { Failure } from '../failure.ts';
import { type Described, type DescribedAction, type DescribedExports, FUNCTIONS } from './protocol.ts';
import type { DescribedShop, DescribedShopStream, DescribedSource } from './source-protocol.ts';

/** The maximum length of the description of a module's exports, as JSON. */
const LONGEST = 16 * 1024 * 1024;

/** Returns definitions as data: everything that is known without their code. */
export function describe({ destinations, sources }: Exported): DescribedExports {
  const described = {
    destinations: destinations.map(describeDestination),
    sources: sources.map(describeSource),
  };
  const text = JSON.stringify(described);
  if (text.length > LONGEST)
    throw new Failure('module_failed', 'The description of the definitions is larger than 16 MB.');
  // By value: functions in the data, and other values that JSON lacks, are dropped.
  return JSON.parse(text) as DescribedExports;
}

function describeDestination(one: Destination): Described {
  const { slug, name, description, settings, presets, maxMappings, audiences, audienceMode, oauth } = one;
  const actions = Object.entries(one.actions).map(([key, action]) => [key, describeAction(action, one)]);
  const has = FUNCTIONS.filter((key) => typeof one[key] === 'function');
  return {
    slug,
    name,
    description,
    settings,
    presets,
    maxMappings,
    ...(oauth === undefined ? {} : { oauth }),
    actions: Object.fromEntries(actions) as Described['actions'],
    ...(audiences === undefined ? {} : { audiences: audiences.fields }),
    ...(audienceMode === undefined ? {} : { audienceMode }),
    has,
  };
}

function describeAction(action: Action, destination: Destination): DescribedAction {
  const { title, description, defaultTrigger, fields, batch, delta, identifiers, syncMode, hooks } = action;
  const members = batch?.groupBy === undefined ? identifierMembers(identifiers) : undefined;
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
    ...(syncMode === undefined ? {} : { syncMode }),
    dynamicFields: Object.keys(action.dynamicFields ?? {}),
    ...(hooks === undefined ? {} : { hooks: describeHooks(hooks) }),
    derives:
      batch?.groupBy !== undefined || (destination.projectType !== undefined && identifiers !== undefined),
    ...(members === undefined ? {} : { members }),
  };
}

function describeHooks(hooks: NonNullable<Action['hooks']>): NonNullable<DescribedAction['hooks']> {
  return Object.fromEntries(
    Object.entries(hooks).map(([name, { label, description, fields, outputs, dynamicFields = {} }]) => [
      name,
      {
        label,
        description,
        fields,
        ...(outputs === undefined ? {} : { outputs }),
        dynamicFields: Object.keys(dynamicFields),
      },
    ]),
  );
}

function describeSource(one: Source): DescribedSource {
  const { slug, name, description, settings, streams, shop } = one;
  return {
    slug,
    name,
    description,
    settings,
    streams: Object.fromEntries(
      Object.entries(streams).map(([key, stream]) => {
        const { title, description: about, every } = stream;
        return [key, { title, description: about, ...(every === undefined ? {} : { every }) }];
      }),
    ),
    ...(shop === undefined ? {} : { shop: describeShop(shop) }),
    has: functionsOf(one, ['webhook', 'testConnection']),
  };
}

function describeShop(shop: NonNullable<Source['shop']>): DescribedShop {
  const { concurrency, quotas, left } = shop.limits;
  const streams = Object.entries(shop.streams).map(([key, stream]) => [key, describeStream(stream)] as const);
  return {
    streams: Object.fromEntries(streams),
    ...(shop.feeds === undefined
      ? {}
      : {
          feeds: Object.fromEntries(
            Object.entries(shop.feeds).map(([key, { title, description, every }]) => [
              key,
              { title, description, every },
            ]),
          ),
        }),
    limits: { concurrency, ...(quotas === undefined ? {} : { quotas }) },
    capabilities: shop.capabilities,
    has: [
      ...functionsOf(shop, ['hints', 'subscribe', 'writeConsent']),
      ...(left === undefined ? [] : (['left'] as const)),
    ],
  };
}

function describeStream(stream: ShopStream): DescribedShopStream {
  const { title, description, kinds, every, overlap, sweep, pageSize } = stream;
  return {
    title,
    description,
    kinds,
    pageSize,
    ...(every === undefined ? {} : { every }),
    ...(overlap === undefined ? {} : { overlap }),
    ...(sweep === undefined ? {} : { sweep }),
    has: functionsOf(stream, ['page', 'get', 'count']),
  };
}

function functionsOf<K extends string>(
  of: { readonly [P in K]?: unknown },
  names: readonly K[],
): readonly K[] {
  return names.filter((name) => typeof of[name] === 'function');
}
