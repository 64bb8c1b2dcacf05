import { compileCondition } from './compile.ts';
import type { TriggerEvent } from './operators/function.ts';
import { parseTrigger } from './parse.ts';
import { compileSegment } from './segment/compile.ts';
import { parseSegment } from './segment/parse.ts';

/** `waybill` is the full language; `segment` is what Segment's hosted product makes of the same text. */
export type TriggerDialect = 'waybill' | 'segment';

/** How to read a trigger. */
export interface TriggerOptions {
  /** Default: `waybill`. */
  readonly dialect?: TriggerDialect | undefined;
}

/** A compiled trigger: tells whether an event is one the trigger is for. Never throws, never changes the event. */
export type CompiledTrigger = (event: TriggerEvent) => boolean;

/** Compiles a trigger once, to be asked per event; throws a TriggerError when the trigger cannot be read. */
export function compileTrigger(text: string, options: TriggerOptions = {}): CompiledTrigger {
  const holds =
    options.dialect === 'segment'
      ? compileSegment(parseSegment(text))
      : compileCondition(parseTrigger(text).condition);
  return (event) => holds(event, undefined);
}
