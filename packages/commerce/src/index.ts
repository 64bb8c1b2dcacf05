export { changesOf } from './changes.ts';
export type { ChangeContext, Known } from './context.ts';
export { type Reference, referencesOf } from './references.ts';
