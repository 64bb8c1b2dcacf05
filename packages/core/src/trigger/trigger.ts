import { compileCondition } from './compile.ts';
import type { TriggerEvent } from './operators/function.ts';
import { parseTrigger } from './parse.ts';
import { compileSegment } from './segment/compile.ts';
import { parseSegment } from './segment/parse.ts';

/** `waybill` is the full language; `segment` reads a trigger as Segment's hosted product does. */
export type TriggerDialect = 'waybill' | 'segment';

/** How to read a trigger. */
export interface TriggerOptions {
  /** `waybill` when absent. */
  readonly dialect?: TriggerDialect | undefined;
}

/** A compiled trigger: returns whether it matches an event. Never throws, never changes the event. */
export type CompiledTrigger = (event: TriggerEvent) => boolean;

/** Compiles a trigger once, for evaluation per event; throws a TriggerError when it cannot be parsed. */
export function compileTrigger(text: string, options: TriggerOptions = {}): CompiledTrigger {
  const holds =
    options.dialect === 'segment'
      ? compileSegment(parseSegment(text))
      : compileCondition(parseTrigger(text).condition);
  return (event) => holds(event, undefined);
}
