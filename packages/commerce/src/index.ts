export type { ChangeContext } from './context.ts';
