import type { TrackingPlan } from '../tracking-plan/plan.ts';
import type { Ownership } from './ownership.ts';

/** What a person configures: where events come from, where they go, and how. */
export interface Workspace {
  readonly $schema?: string;
  readonly sources: readonly SourceConfig[];
  /** What derives events from those of sources; in order, as one can build on those before it. */
  readonly processors?: readonly ProcessorConfig[];
  readonly destinations: readonly DestinationConfig[];
}

/** Where events come from: senders of the tracking API, or whatever a source of another type reads. */
export interface SourceConfig {
  readonly id: string;
  readonly name?: string;
  /** Slug of the source; `tracking` when absent. */
  readonly type?: string;
  /** The key that clients of the tracking API send; text, or the environment variable that holds it. */
  readonly writeKey?: Secret;
  /** Earlier write keys that are still accepted for a time. */
  readonly earlierKeys?: readonly EarlierKey[];
  /** Settings of its type; the tracking API has none. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** What it is expected to send. */
  readonly plan?: TrackingPlan;
  /** The source whose plan it uses instead of its own. */
  readonly planOf?: string;
  readonly enabled?: boolean;
}

/** A write key that another one has taken the place of. */
export interface EarlierKey {
  readonly key: Secret;
  /** Until when it is accepted: ISO 8601 with an offset. */
  readonly until: string;
}

/** An instance of a processor. */
export interface ProcessorConfig {
  readonly id: string;
  readonly name?: string;
  /** Slug of the processor. */
  readonly type: string;
  readonly enabled?: boolean;
  /** IDs of the sources, and of processors listed before it, whose events it receives; all sources when absent. */
  readonly sources?: readonly string[];
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** A secret: the text itself, or the name of the environment variable that holds it. */
export type Secret = string | { readonly $env: string };

/** An instance of a destination. */
export interface DestinationConfig {
  readonly id: string;
  readonly name?: string;
  /** Slug of the destination: `iterable`. */
  readonly type: string;
  readonly enabled?: boolean;
  /** Ids of the sources it receives from; all of them when absent. */
  readonly sources?: readonly string[];
  readonly settings: Readonly<Record<string, unknown>>;
  /** Maximum number of mappings. */
  readonly maxMappings?: number;
  /** Who may set a field, for all of its mappings. */
  readonly ownership?: Ownership;
  /** Its mappings; the automatic presets when absent. */
  readonly mappings?: readonly MappingConfig[];
}

/** A trigger, an action and the values to send: complete, or as a preset with changes. */
export interface MappingConfig {
  readonly id: string;
  readonly name?: string;
  readonly enabled?: boolean;
  /** Set by the workspace store, so that outcomes can name it; people never write it. */
  readonly version?: number;
  /** Slug of the preset to start from. */
  readonly preset?: string;
  readonly action?: string;
  readonly trigger?: string;
  /** How the trigger is read; `segment` reproduces the hosted meaning of imported triggers. */
  readonly dialect?: 'waybill' | 'segment';
  /** Merged over the preset's mapping, field by field. */
  readonly mapping?: Readonly<Record<string, unknown>>;
  readonly delivery?: DeliveryConfig;
  /** Who may set a field; it goes before what the destination says of the same field. */
  readonly ownership?: Ownership;
}

/** How what a mapping makes is delivered. */
export interface DeliveryConfig {
  /** `changed`: what was delivered before for this user and has not changed is not sent again. */
  readonly only?: 'changed';
}
