import { iterable } from './iterable.ts';
import type { Patch } from './patch.ts';

/** Patches by the slug of the published definition. One file each; other definitions run unchanged. */
export const PATCHES: Readonly<Record<string, Patch>> = {
  'actions-iterable': iterable,
};
