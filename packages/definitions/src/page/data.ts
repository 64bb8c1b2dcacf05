import {
  type AudienceMode,
  defaultMapping,
  type Destination,
  type Fields,
  type OAuthDeclaration,
  type Preset,
} from '@waybill/core';
import { oauthData } from '../data/definition.ts';

/** A destination as a page shows it: its inputs and their initial values. */
export interface PageData {
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  readonly settings: Fields;
  readonly actions: readonly {
    readonly key: string;
    readonly title: string;
    readonly description: string;
    readonly fields: Fields;
    /** The initial values of a new mapping of the action. */
    readonly trigger: string;
    readonly mapping: Readonly<Record<string, unknown>>;
  }[];
  readonly presets: readonly Preset[];
  /** Names of settings that already have values. */
  readonly given: readonly string[];
  readonly canTestConnection: boolean;
  /** How an account is connected; absent without OAuth. */
  readonly oauth?: OAuthDeclaration;
  /** The settings of an audience that it creates; absent where it creates none. */
  readonly audiences?: Fields;
  /** When it wants the members of audiences. */
  readonly audienceMode?: AudienceMode;
}

/** Returns what a page needs to show a destination; only the names of settings that already have values. */
export function pageData(destination: Destination, settings: Readonly<Record<string, unknown>>): PageData {
  return {
    slug: destination.slug,
    name: destination.name,
    description: destination.description,
    settings: destination.settings,
    actions: Object.entries(destination.actions).map(([key, action]) => {
      const preset = destination.presets.find((one) => one.action === key && one.type === 'automatic');
      return {
        key,
        title: action.title,
        description: action.description,
        fields: action.fields,
        trigger: (preset?.type === 'automatic' ? preset.trigger : action.defaultTrigger) ?? 'type = "track"',
        mapping: preset?.mapping ?? defaultMapping(action.fields),
      };
    }),
    presets: destination.presets,
    given: Object.keys(settings),
    ...(destination.oauth === undefined ? {} : { oauth: oauthData(destination.oauth) }),
    ...(destination.audiences === undefined ? {} : { audiences: destination.audiences.fields }),
    ...(destination.audienceMode === undefined ? {} : { audienceMode: destination.audienceMode }),
    canTestConnection: destination.testConnection !== undefined,
  };
}
