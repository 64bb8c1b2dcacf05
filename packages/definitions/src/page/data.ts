import {
  defaultMapping,
  type Destination,
  type Fields,
  type OAuthDeclaration,
  type Preset,
} from '@waybill/core';
import { oauthData } from '../data/definition.ts';

/** A destination as a page shows it: what a person fills in, and what it starts with. */
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
    /** What a new mapping of the action starts with. */
    readonly trigger: string;
    readonly mapping: Readonly<Record<string, unknown>>;
  }[];
  readonly presets: readonly Preset[];
  /** Names of settings that are given already. */
  readonly given: readonly string[];
  readonly canTestConnection: boolean;
  /** How an account is connected; absent where it is not by OAuth. */
  readonly oauth?: OAuthDeclaration;
  /** What a person sets for an audience that it creates; absent where it creates none. */
  readonly audiences?: Fields;
}

/** What a page needs to show a destination; of the settings that are given already only the names. */
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
    canTestConnection: destination.testConnection !== undefined,
  };
}
