import { iterable } from './iterable.ts';
import type { Patch } from './patch.ts';

/** Patches by the slug of the published definition. One file each; a definition that is not here runs as it is. */
export const PATCHES: Readonly<Record<string, Patch>> = {
  'actions-iterable': iterable,
};
