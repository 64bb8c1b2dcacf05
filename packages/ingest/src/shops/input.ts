import type { ConsentPeriod, ConsentsSaid, ResolvedSource, SourceContext } from '@waybill/core';
import type { Log } from '@waybill/delivery';
import type { Intake } from '../intake/intake.ts';
import type { Room } from '../pace.ts';
import type { Changes, References } from './compare.ts';
import type { LimiterInput } from './limiter.ts';
import type { SourcesThread } from './remote/client.ts';

/** Reads choices in Iterable within a period; undefined without a configured destination. */
export type Consents = (
  source: ResolvedSource,
) => ((period: ConsentPeriod) => Promise<ConsentsSaid>) | undefined;

/** The inputs of reading a shop. */
export interface ShopInput {
  readonly log: Pick<Log, 'append' | 'carried' | 'carriedAfter' | 'owners' | 'timers'>;
  readonly intake: Pick<Intake, 'carry' | 'ready' | 'admit' | 'carryReady' | 'refuse'>;
  /** Derives events from a change; the standard commerce events when absent. */
  readonly changes?: Changes;
  readonly references?: References;
  /** Makes the calls of a source. */
  readonly context: (source: ResolvedSource) => SourceContext;
  readonly holder: string;
  readonly now: () => number;
  /** Waits; ends early when the signal is aborted. */
  readonly sleep?: LimiterInput['sleep'];
  /** Whether the intake is paused, because of the disk or the backlog. */
  readonly closed?: () => boolean;
  /** Returns how many historical events may be added now. */
  readonly room: () => Promise<Room>;
  /** Reads pages of shops in another thread, if there is one. */
  readonly thread?: Pick<SourcesThread, 'open'> | undefined;
  /** Returns the URL of the webhook of a source; undefined while unknown. */
  readonly address?: ((source: string) => string) | undefined;
  /** Reads choices in Iterable again, if possible. */
  readonly consents?: Consents;
  /** Called with a failed attempt, which is retried. */
  readonly onFailure: (stream: string, failure: { readonly code: string; readonly message: string }) => void;
}
