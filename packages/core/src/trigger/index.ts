export type { TriggerEvent } from './operators/function.ts';
export { TriggerError, type TriggerErrorCode } from './errors.ts';
export { parseTrigger } from './parse.ts';
export { printTrigger } from './print.ts';
export { compileTrigger, type CompiledTrigger, type TriggerDialect, type TriggerOptions } from './trigger.ts';
export { createTriggerIndex, type TriggerEntry, type TriggerIndex } from './trigger-index.ts';
