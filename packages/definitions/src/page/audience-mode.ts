import type { AudienceMode } from '@waybill/core';

/** When a destination wants the members of audiences, as part of a sentence. */
export function modeText(mode: AudienceMode | undefined): string {
  if (mode === undefined) return 'at any time';
  if (mode.type === 'realtime') return 'as they enter or leave';
  return mode.fullSync ? 'in runs with all members' : 'in runs with those that entered or left';
}
