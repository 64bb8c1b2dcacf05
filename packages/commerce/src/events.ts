import { type ShopAttribution, type SourceEvent, withoutAbsent } from '@waybill/core';
import type { ChangeContext } from './context.ts';
import { type Properties, storeOf } from './parts.ts';
import type { Owned, Who } from './subject.ts';
import { messageIdOf } from './version.ts';

/** The name of identify calls in `leaveOut` and IDs of events. */
export const IDENTIFY = 'Identify';

/** The common parts of all events of a change. */
export interface Subject {
  readonly state: Owned & {
    readonly currency?: string | undefined;
    readonly attribution?: ShopAttribution | undefined;
    readonly updatedAt?: string | undefined;
  };
  readonly who: Who;
  readonly context: ChangeContext;
}

/** The specific parts of one event. */
export interface Fact {
  readonly name: string;
  /** Distinguishes it from other events of that name: the ID of the object, and possibly the part or version. */
  readonly key: readonly string[];
  /** The time from the shop; the time of the change when absent. */
  readonly at: string | undefined;
  readonly properties: Properties;
}

/** Creates a track call. */
export function track({ state, who, context }: Subject, { name, key, at, properties }: Fact): SourceEvent {
  return {
    type: 'track',
    event: name,
    ...envelope({ state, who, context }, name, key, at),
    properties: { ...properties, ...storeOf(state.store, state.currency) },
  };
}

/** Creates an identify call. */
export function identify(
  subject: Subject,
  key: readonly string[],
  at: string | undefined,
  traits: Properties,
): SourceEvent {
  return { type: 'identify', ...envelope(subject, IDENTIFY, key, at), traits };
}

function envelope(
  { state, who: { userId, anonymousId, traits }, context }: Subject,
  name: string,
  key: readonly string[],
  at: string | undefined,
): Pick<SourceEvent, 'messageId' | 'userId' | 'anonymousId' | 'timestamp' | 'context'> & {
  readonly messageId: string;
} {
  const { id: store, channel, locale } = state.store ?? {};
  const { campaign, source, medium, term, content } = state.attribution ?? {};
  const utm = withoutAbsent({ name: campaign, source, medium, term, content });
  return {
    messageId: messageIdOf(context, name, key),
    ...withoutAbsent({ userId, anonymousId }),
    timestamp: at ?? state.updatedAt ?? new Date(context.now).toISOString(),
    context: withoutAbsent({
      source: withoutAbsent({ platform: context.platform, id: context.source, store, channel }),
      locale,
      traits: Object.keys(traits).length === 0 ? undefined : traits,
      campaign: Object.keys(utm).length === 0 ? undefined : utm,
    }),
  };
}
