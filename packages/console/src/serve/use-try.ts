import type { MappingConfig } from '@waybill/core';
import type { PageData, TryInput, TryResult } from '@waybill/definitions';
import { useCallback, useEffect, useRef, useState } from 'react';
import { call } from './calls.ts';

/** An action of the destination. */
export type Action = PageData['actions'][number];

/** Returns the initial event of an action. */
export function firstEvent({ trigger }: Action): string {
  const [, type] = /type = "(identify|page|screen|group|alias)"/.exec(trigger) ?? [];
  return type ?? 'Order Completed';
}

/** Returns the initial mapping of an action. */
export function firstMapping({ key, trigger, mapping }: Action): MappingConfig {
  return { id: 'tried', action: key, trigger, mapping };
}

/** The state of trying, on a click and after changes of files. */
export interface Trying {
  readonly result: TryResult | undefined;
  readonly error: unknown;
  readonly isBusy: boolean;
  readonly run: (send: boolean) => Promise<void>;
}

/** Hook that tries the input. Only `run(true)` sends. */
export function useTry(input: Omit<TryInput, 'send'>, version: number): Trying {
  const [tried, setTried] = useState<Pick<Trying, 'result' | 'error'>>({
    result: undefined,
    error: undefined,
  });
  const [isBusy, setBusy] = useState(false);
  const newest = useRef({ input, isTried: false });
  newest.current = { input, isTried: tried.result !== undefined };
  const run = useCallback(async (send: boolean): Promise<void> => {
    setBusy(true);
    try {
      const result = await call<TryResult>('POST', '/api/try', { ...newest.current.input, send });
      setTried({ result, error: undefined });
    } catch (error) {
      setTried(({ result }) => ({ result, error }));
    }
    setBusy(false);
  }, []);
  useEffect(() => {
    if (newest.current.isTried) void run(false);
  }, [version, run]);
  return { ...tried, isBusy, run };
}
