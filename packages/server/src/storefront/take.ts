import {
  type Given,
  type Intake,
  type KnownOrigin,
  type Sources,
  type Taken,
  takeStorefront,
} from '@waybill/ingest';
import { Failure } from '../failure.ts';
import type { WorkspaceEditor } from '../workspace/open.ts';
import { createRate } from './rate.ts';

/** Creates the intake of storefront events, rate-limited by source and client. */
export function createStorefront(input: {
  readonly intake: Intake;
  readonly sources: Sources;
  readonly editor: WorkspaceEditor;
  readonly now: () => number;
}): (
  raws: readonly unknown[],
  origin: KnownOrigin,
  given: Given & { readonly ip: string },
) => Promise<Taken> {
  const { intake, sources, editor, now } = input;
  const rate = createRate(now);
  return async (raws, origin, given) => {
    const { id } = origin.source;
    const source = editor.resolved.sources.find((one) => one.id === id);
    const visitors = sources.shop(id)?.visitors;
    // A source that was just added is not read yet: the script retries.
    if (source === undefined || visitors === undefined) throw new Failure('server_overloaded');
    const wait = rate.take(id, given.ip, raws.length);
    if (wait > 0) throw new Failure('request_throttled', undefined, [], Math.ceil(wait / 1_000));
    return takeStorefront(raws, source, { intake, visitors, origin, given, now: now() });
  };
}
