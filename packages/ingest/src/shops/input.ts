import type { ConsentPeriod, ConsentsSaid, ResolvedSource, SourceContext } from '@waybill/core';
import type { Log } from '@waybill/delivery';
import type { Intake } from '../intake/intake.ts';
import type { Room } from '../pace.ts';
import type { Changes, References } from './compare.ts';
import type { LimiterInput } from './limiter.ts';
import type { SourcesThread } from './remote/client.ts';

/** Reads what people chose in Iterable within a period; undefined where no destination is named that knows. */
export type Consents = (
  source: ResolvedSource,
) => ((period: ConsentPeriod) => Promise<ConsentsSaid>) | undefined;

/** What reading a shop takes. */
export interface ShopInput {
  readonly log: Pick<Log, 'append' | 'carried' | 'carriedAfter' | 'owners' | 'timers'>;
  readonly intake: Pick<Intake, 'carry' | 'ready' | 'admit' | 'carryReady' | 'refuse'>;
  /** What follows from a change; what happens in shops, by their common names, when absent. */
  readonly changes?: Changes;
  readonly references?: References;
  /** Makes the calls of a source. */
  readonly context: (source: ResolvedSource) => SourceContext;
  readonly holder: string;
  readonly now: () => number;
  /** Waits; ends early when the signal is given. */
  readonly sleep?: LimiterInput['sleep'];
  /** Whether no events are taken at the moment, because of the disk or the backlog. */
  readonly closed?: () => boolean;
  /** How many events of a back-fill may be added now. */
  readonly room: () => Promise<Room>;
  /** Reads the pages of shops in another thread; absent where there is none. */
  readonly thread?: Pick<SourcesThread, 'open'> | undefined;
  /** Where shops reach the webhook of a source; undefined while nobody knows. */
  readonly address?: ((source: string) => string) | undefined;
  /** Reads again what people chose in Iterable; absent where nobody knows. */
  readonly consents?: Consents;
  /** Told of an attempt that failed; it is made again. */
  readonly onFailure: (stream: string, failure: { readonly code: string; readonly message: string }) => void;
}
