import type { ReactNode } from 'react';
import { useFormat } from '../format.ts';

/** A moment: relative in lists, absolute with `absolute` and on hover. */
export function Time({
  at,
  absolute = false,
}: {
  /** Epoch milliseconds, or an ISO string. */
  readonly at: number | string;
  readonly absolute?: boolean;
}): ReactNode {
  const format = useFormat();
  const moment = typeof at === 'number' ? at : Date.parse(at);
  const whole = format.absolute(moment);
  return (
    <time dateTime={new Date(moment).toISOString()} title={whole}>
      {absolute ? whole : format.relative(moment)}
    </time>
  );
}
