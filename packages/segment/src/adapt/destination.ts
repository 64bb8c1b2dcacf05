import {
  type Action,
  defineDestination,
  type Destination,
  type Fields,
  isModeOf,
  SYNC_MODES,
  type SyncModes,
} from '@waybill/core';
import type { Patch } from '../patches/patch.ts';
import type { UpstreamAction, UpstreamDefinition } from '../upstream/types.ts';
import { OAUTH_SETTINGS, openAccount, usesOAuth } from './account.ts';
import { adaptAudiences } from './audience.ts';
import { batchRule } from './batch.ts';
import { testThrough } from './connection.ts';
import { deleteThrough } from './deletion.ts';
import { adaptDynamic } from './dynamic.ts';
import { adaptFields, adaptSettings } from './fields.ts';
import { adaptHooks } from './hooks.ts';
import { adaptPresets } from './presets.ts';
import type { OnTokens } from './renew.ts';
import { sendThrough } from './send.ts';

/** Options of `adaptDefinition`. */
export interface AdaptOptions {
  /** Changes of the definition. */
  readonly patch?: Patch;
  /** Variables of the environment that the definition reads secrets from. */
  readonly variables?: readonly string[];
  /** Called when an access token was renewed. */
  readonly onTokens?: OnTokens;
}

/** Converts a definition for Segment's framework to a destination of Waybill. */
export function adaptDefinition(published: UpstreamDefinition, options: AdaptOptions = {}): Destination {
  const { patch, onTokens, variables = [] } = options;
  const definition = patch?.change?.(published) ?? published;
  const { authentication } = definition;
  const settings: Fields = {
    ...adaptSettings(authentication?.fields ?? {}),
    ...(usesOAuth(authentication) ? OAUTH_SETTINGS : {}),
  };
  return defineDestination<Fields>({
    slug: definition.slug ?? slugOf(definition.name),
    name: definition.name,
    description: definition.description || `${definition.name}, as published for Segment.`,
    settings,
    actions: Object.fromEntries(
      Object.entries(definition.actions).map(([name, action]) => [
        name,
        adaptAction(name, action, definition, options),
      ]),
    ),
    presets: adaptPresets(definition),
    ...adaptAudiences(definition, onTokens),
    open: openAccount,
    // Published definitions do not declare their OAuth server: the settings do.
    ...(usesOAuth(authentication) ? { oauth: {} } : {}),
    // The code of the definition reads the environment of the process directly.
    ...(variables.length === 0
      ? {}
      : { secrets: () => variables.flatMap((name) => process.env[name] ?? []) }),
    ...(authentication?.testAuthentication === undefined
      ? {}
      : { testConnection: (context) => testThrough(context, definition, onTokens) }),
    ...(definition.onDelete === undefined
      ? {}
      : { deleteUser: (context, who) => deleteThrough(context, who, definition, onTokens) }),
  });
}

function adaptAction(
  name: string,
  action: UpstreamAction,
  definition: UpstreamDefinition,
  { patch, onTokens }: AdaptOptions,
): Action {
  refuseLater(name, action);
  const batch = batchRule(action);
  const sender = { definition, action, readBatch: patch?.readBatch?.[name], onTokens };
  return Object.freeze<Action>({
    title: action.title,
    description: action.description || action.title,
    ...(action.defaultSubscription ? { defaultTrigger: action.defaultSubscription } : {}),
    fields: adaptFields(action.fields),
    ...(batch === undefined ? {} : { batch }),
    ...modesOf(action),
    ...adaptHooks(action, { definition, onTokens }),
    ...(action.dynamicFields === undefined
      ? {}
      : { dynamicFields: adaptDynamic(action.dynamicFields, { definition, onTokens }) }),
    send: (items, context) => sendThrough(items, context, sender),
  });
}

/** An action that reports the results of its items later would be treated as having delivered them. */
function refuseLater(name: string, action: UpstreamAction): void {
  const asked = Object.keys(action).find((member) => /poll/i.test(member));
  if (asked === undefined) return;
  throw new Error(
    `The action "${name}" is asynchronous: "${asked}" reports results of its items later, which is not supported.`,
  );
}

/** The modes of Segment's runtime; a definition without any has none. */
function modesOf({ syncMode }: UpstreamAction): Pick<Action, 'syncMode'> {
  const { choices = [], ...given } = (syncMode ?? {}) as Partial<SyncModes>;
  const known = choices.filter(({ value }) => SYNC_MODES.includes(value));
  if (known.length === 0) return {};
  const { default: first, label, description } = given;
  return {
    syncMode: {
      ...(first === undefined || !isModeOf({ choices: known }, first) ? {} : { default: first }),
      ...(label === undefined ? {} : { label }),
      ...(description === undefined ? {} : { description }),
      choices: known.map((choice) => ({ value: choice.value, label: choice.label ?? choice.value })),
    },
  };
}

function slugOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-$/g, '');
}
