/** What a mapping can ask of an action that keeps records in step. */
export const SYNC_MODES = ['add', 'update', 'upsert', 'delete', 'mirror'] as const;

/** One of them. */
export type SyncMode = (typeof SYNC_MODES)[number];

/** The modes of an action, in the shape that Segment's definitions have. */
export interface SyncModes {
  /** The mode that a new mapping starts with. Never applied at delivery. */
  readonly default?: SyncMode;
  readonly label?: string;
  readonly description?: string;
  readonly choices: readonly { readonly value: SyncMode; readonly label: string }[];
}

/** Whether a value is a mode that an action has. */
export function isModeOf(modes: SyncModes | undefined, value: unknown): value is SyncMode {
  return modes?.choices.some((choice) => choice.value === value) ?? false;
}
