/** The sync modes of actions that synchronise records. */
export const SYNC_MODES = ['add', 'update', 'upsert', 'delete', 'mirror'] as const;

/** A sync mode. */
export type SyncMode = (typeof SYNC_MODES)[number];

/** The modes of an action, in the shape that Segment's definitions have. */
export interface SyncModes {
  /** The initial mode of a new mapping. Never applied at delivery. */
  readonly default?: SyncMode;
  readonly label?: string;
  readonly description?: string;
  readonly choices: readonly { readonly value: SyncMode; readonly label: string }[];
}

/** Whether a value is a sync mode of an action. */
export function isModeOf(modes: SyncModes | undefined, value: unknown): value is SyncMode {
  return modes?.choices.some((choice) => choice.value === value) ?? false;
}
