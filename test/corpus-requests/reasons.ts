import { isDeepStrictEqual } from 'node:util';
import type { UpstreamDefinition } from '@waybill/segment';
import type { Mood } from './answers.ts';
import type { OwnRan } from './ours.ts';

/** What is known of one comparison. */
export interface Facts {
  readonly name: string;
  readonly as: 'single' | 'batch';
  readonly mood: Mood;
  readonly ours: OwnRan;
  readonly theirs: {
    readonly sent: readonly unknown[];
    readonly ends: readonly string[];
    readonly words: string;
    readonly late: boolean;
  };
  /** The payloads that the definition received. */
  readonly payloads: { readonly ours: readonly unknown[]; readonly theirs: readonly unknown[] };
  readonly connects: string | undefined;
  readonly definition: UpstreamDefinition;
  readonly action: string;
}

/** The reason why both sides may differ; undefined when there is none, and the difference is a finding. */
export function reasonFor(what: 'requests' | 'outcomes', facts: Facts): string | undefined {
  return what === 'requests' ? requestsReason(facts) : outcomesReason(facts);
}

/** Definitions whose requests show what nothing else does. */
const PECULIAR: Readonly<Record<string, string>> = {
  'actions-blend-ai': 'the definition sends everything it is handed, also what is there only to be called',
  'actions-klaviyo':
    'the definition writes to one part of its payload, of which upstream has put the event itself in another',
};

function requestsReason({ ours, theirs, connects, payloads, as, definition }: Facts): string | undefined {
  if (ours.late || theirs.late) return 'a run took too long';
  if (connects !== undefined) return 'the definition opens connections of its own';
  if (as === 'batch' && isContinued(payloads.ours, payloads.theirs) && contains(ours.sent, theirs.sent)) {
    return 'a batch that is refused as a whole is sent again one by one here';
  }
  const emptier = as === 'batch' && !isDeepStrictEqual(payloads.ours, payloads.theirs);
  if (emptier && isDeepStrictEqual(payloads.ours, withoutEmpty(payloads.theirs))) {
    return 'empty text is left out of batches too here, as it is of single events';
  }
  return PECULIAR[definition.slug ?? ''];
}

/** Whether the one list has all of the other, in its order. */
function contains(all: readonly unknown[], some: readonly unknown[]): boolean {
  let next = 0;
  for (const one of all) if (next < some.length && isDeepStrictEqual(one, some[next])) next += 1;
  return next === some.length;
}

function withoutEmpty(batches: readonly unknown[]): readonly unknown[] {
  return batches.map((batch) =>
    Array.isArray(batch)
      ? batch.map((payload: object) =>
          Object.fromEntries(Object.entries(payload).filter(([, value]) => value !== '')),
        )
      : batch,
  );
}

/** Whether ours is theirs and more: the items of refused batches, one by one. */
function isContinued(ours: readonly unknown[], theirs: readonly unknown[]): boolean {
  const lists = ours.filter((payload) => Array.isArray(payload));
  return ours.length > lists.length && isDeepStrictEqual(lists, [...theirs]);
}

function outcomesReason({ ours, theirs, as, payloads }: Facts): string | undefined {
  const { ends } = theirs;
  const pairs = ours.ends.map((end, index) => [end, ends[index]] as const);
  const open = pairs.filter(([own, other]) => other !== undefined && own !== other);
  if (open.every(([own, other]) => own === 'retry' && other === 'unknown')) {
    return 'an error without a status is tried again here; upstream leaves it to its platform';
  }
  if (as === 'batch' && isContinued(payloads.ours, payloads.theirs)) {
    return 'a batch that is refused as a whole is sent again one by one here';
  }
  if (ours.words.includes("for Segment's own platform to send")) {
    return 'the definition hands its events back and sends nothing: no success here';
  }
  if (as === 'single' && ends[0] === 'delivered' && ours.words.startsWith('The destination answered ')) {
    return 'a failed answer that an action gives back instead of throwing is a failure here';
  }
  if (as === 'single' && theirs.words.includes('"responses":[')) {
    return 'the action names a failure in an answer that upstream does not read for single events';
  }
  return undefined;
}
