import {
  type Action,
  type AudienceAnswer,
  type AudienceMode,
  DEFAULT_MAX_MAPPINGS,
  type Destination,
  type Fields,
  type HookAnswer,
  type HookName,
  isDestination,
  type OAuthDeclaration,
  type Preset,
  rejected,
  type SyncModes,
} from '@waybill/core';

/** How items of an action share calls, as data. */
export interface BatchData {
  readonly maxItems: number;
  readonly maxBytes: number;
  readonly oneItemPerUser?: boolean;
  /** Why one answer applies to all items of a call. */
  readonly allOrNothing?: string;
}

/** The sync modes of an action, as in Segment's definitions. */
export interface SyncModeData {
  readonly default?: string;
  readonly label?: string;
  readonly description?: string;
  readonly choices: readonly { readonly label: string; readonly value: string }[];
}

/** A hook as data: everything but its code. */
export interface HookData {
  readonly label: string;
  readonly description: string;
  readonly fields: Fields;
  readonly outputs?: Fields;
}

/** The hooks of an action as data. */
export type HooksData = Readonly<Partial<Record<HookName, HookData>>>;

/** An action as data: everything but its code. */
export interface ActionData {
  readonly title: string;
  readonly description: string;
  readonly defaultTrigger?: string;
  readonly hidden?: boolean;
  readonly fields: Fields;
  readonly batch?: BatchData;
  /** Name of the object field of which only changed members need to be sent. */
  readonly delta?: { readonly fields: string };
  readonly syncMode?: SyncModeData;
  readonly hooks?: HooksData;
}

/** A destination definition as data: everything but its code. */
export interface DefinitionData {
  readonly $schema?: string;
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  readonly settings: Fields;
  readonly actions: Readonly<Record<string, ActionData>>;
  readonly presets?: readonly Preset[];
  /** The dialect of its triggers; `segment` for definitions from Segment. */
  readonly dialect?: 'waybill' | 'segment';
  readonly maxMappings?: number;
  /** Whether it supports deletion requests. */
  readonly deletesUsers?: boolean;
  /** How an account is connected; empty where the settings declare everything. Secrets are only in settings. */
  readonly oauth?: OAuthDeclaration;
  /** The settings of an audience that it creates; absent where it creates none. */
  readonly audiences?: Fields;
  /** When it wants the members of audiences. */
  readonly audienceMode?: AudienceMode;
}

/** Returns the data of a definition that has code. */
export function definitionOf(destination: Destination): DefinitionData {
  return {
    slug: destination.slug,
    name: destination.name,
    description: destination.description,
    settings: destination.settings,
    actions: mapValues(destination.actions, actionData),
    presets: destination.presets,
    maxMappings: destination.maxMappings,
    ...(destination.deleteUser === undefined ? {} : { deletesUsers: true }),
    ...(destination.oauth === undefined ? {} : { oauth: oauthData(destination.oauth) }),
    ...(destination.audiences === undefined ? {} : { audiences: destination.audiences.fields }),
    ...(destination.audienceMode === undefined ? {} : { audienceMode: destination.audienceMode }),
  };
}

/** Whether a definition includes its code. */
export function hasCode(definition: unknown): definition is Destination {
  return (
    isDestination(definition) &&
    Object.values(definition.actions).some((action) => typeof action?.send === 'function')
  );
}

/** Returns the data of a definition, with or without code. */
export function withoutCode(definition: Destination | DefinitionData): DefinitionData {
  return hasCode(definition) ? definitionOf(definition) : (definition as DefinitionData);
}

/** Returns a destination with the fields of a definition and no code: enough to check mappings and settings. */
export function destinationOf(definition: DefinitionData): Destination {
  return {
    slug: definition.slug,
    name: definition.name,
    description: definition.description,
    settings: definition.settings,
    actions: mapValues(definition.actions, actionWithoutCode),
    presets: definition.presets ?? [],
    maxMappings: definition.maxMappings ?? DEFAULT_MAX_MAPPINGS,
    ...(definition.oauth === undefined ? {} : { oauth: definition.oauth }),
    ...(definition.audiences === undefined
      ? {}
      : { audiences: { fields: definition.audiences, create: noAudience, get: noAudience } }),
    ...(definition.audienceMode === undefined ? {} : { audienceMode: definition.audienceMode }),
  };
}

/** The declared members only. */
export function oauthData(oauth: OAuthDeclaration): OAuthDeclaration {
  const { authorizeUrl, tokenUrl, scopes, parameters, clientAuthentication } = oauth;
  return {
    ...(authorizeUrl === undefined ? {} : { authorizeUrl }),
    ...(tokenUrl === undefined ? {} : { tokenUrl }),
    ...(scopes === undefined ? {} : { scopes }),
    ...(parameters === undefined ? {} : { parameters }),
    ...(clientAuthentication === undefined ? {} : { clientAuthentication }),
  };
}

function actionData(action: Action): ActionData {
  const { title, description, defaultTrigger, fields, batch } = action;
  return {
    title,
    description,
    ...(defaultTrigger === undefined ? {} : { defaultTrigger }),
    fields,
    ...(batch === undefined
      ? {}
      : {
          batch: {
            maxItems: batch.maxItems,
            maxBytes: batch.maxBytes,
            ...(batch.oneItemPerUser === undefined ? {} : { oneItemPerUser: batch.oneItemPerUser }),
            ...(batch.allOrNothing === undefined ? {} : { allOrNothing: batch.allOrNothing }),
          },
        }),
    ...(action.delta === undefined ? {} : { delta: action.delta }),
    ...(action.syncMode === undefined ? {} : { syncMode: action.syncMode }),
    ...(action.hooks === undefined ? {} : { hooks: hooksData(action.hooks) }),
  };
}

/** Returns the hooks of an action without their code. */
function hooksData(hooks: HooksData): HooksData {
  return mapValues(hooks as Record<string, HookData>, ({ label, description, fields, outputs }) => ({
    label,
    description,
    fields,
    ...(outputs === undefined ? {} : { outputs }),
  }));
}

const NO_CODE = 'This definition has no code.';

async function noCode(): Promise<HookAnswer> {
  return { error: { code: 'destination_bug', path: '', message: NO_CODE } };
}

async function noAudience(): Promise<AudienceAnswer> {
  return { outcome: rejected('destination_bug', NO_CODE) };
}

function actionWithoutCode(action: ActionData): Action {
  const { title, description, defaultTrigger, fields, batch } = action;
  return {
    title,
    description,
    ...(defaultTrigger === undefined ? {} : { defaultTrigger }),
    fields,
    ...(batch === undefined ? {} : { batch }),
    ...(action.syncMode === undefined ? {} : { syncMode: action.syncMode as SyncModes }),
    ...(action.hooks === undefined
      ? {}
      : { hooks: mapValues(action.hooks as Record<string, HookData>, (hook) => ({ ...hook, run: noCode })) }),
    send: async (items) => items.map(() => rejected('destination_bug', NO_CODE)),
  };
}

/** Returns an object with the same keys and mapped values. */
export function mapValues<A, B>(
  object: Readonly<Record<string, A>>,
  change: (value: A, key: string) => B,
): Record<string, B> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value, key)]));
}
