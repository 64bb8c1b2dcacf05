import type { TrackingPlan } from '../tracking-plan/plan.ts';
import type { Ownership } from './ownership.ts';

/** The configuration of a server: sources, destinations and mappings, and processors. */
export interface Workspace {
  readonly $schema?: string;
  readonly sources: readonly SourceConfig[];
  /** Processors, which derive events from those of sources; in order, as one can build on earlier ones. */
  readonly processors?: readonly ProcessorConfig[];
  readonly destinations: readonly DestinationConfig[];
}

/** A source of events: senders of the tracking API, or what a source of another type reads. */
export interface SourceConfig {
  readonly id: string;
  readonly name?: string;
  /** Slug of the source; `tracking` when absent. */
  readonly type?: string;
  /** The key that clients of the tracking API send; a string, or the environment variable that contains it. */
  readonly writeKey?: Secret;
  /** Earlier write keys that are still accepted for a time. */
  readonly earlierKeys?: readonly EarlierKey[];
  /** Settings of its type; the tracking API has none. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Its tracking plan. */
  readonly plan?: TrackingPlan;
  /** The source whose tracking plan it uses. */
  readonly planOf?: string;
  readonly enabled?: boolean;
}

/** A write key that was replaced. */
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

/** A secret: the value itself, or the name of the environment variable that contains it. */
export type Secret = string | { readonly $env: string };

/** An instance of a destination. */
export interface DestinationConfig {
  readonly id: string;
  readonly name?: string;
  /** Slug of the destination: `iterable`. */
  readonly type: string;
  readonly enabled?: boolean;
  /** IDs of the sources it receives from; all of them when absent. */
  readonly sources?: readonly string[];
  readonly settings: Readonly<Record<string, unknown>>;
  /** Maximum number of mappings. */
  readonly maxMappings?: number;
  /** The owners of fields, for all of its mappings. */
  readonly ownership?: Ownership;
  /** Its mappings; the automatic presets when absent. */
  readonly mappings?: readonly MappingConfig[];
}

/** A trigger, an action and the values to send: complete, or a preset with changes. */
export interface MappingConfig {
  readonly id: string;
  readonly name?: string;
  readonly enabled?: boolean;
  /** Set by the workspace store, so that outcomes can name it; never written by hand. */
  readonly version?: number;
  /** Slug of the preset to start from. */
  readonly preset?: string;
  readonly action?: string;
  readonly trigger?: string;
  /** How the trigger is read; `segment` reproduces the meaning of imported triggers on Segment. */
  readonly dialect?: 'waybill' | 'segment';
  /** Merged over the preset's mapping, field by field. */
  readonly mapping?: Readonly<Record<string, unknown>>;
  readonly delivery?: DeliveryConfig;
  /** The owners of fields; takes precedence over what the destination says about the same field. */
  readonly ownership?: Ownership;
}

/** How the results of a mapping are delivered. */
export interface DeliveryConfig {
  /** `changed`: values that were already delivered for this user and have not changed are not sent again. */
  readonly only?: 'changed';
}
