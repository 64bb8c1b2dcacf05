import type { Leases } from '@waybill/delivery';
import type { Elsewhere } from '../../elsewhere.ts';
import type { Intake } from '../../intake/intake.ts';
import { entryOf } from '../../intake/ready.ts';
import type { RunInput } from '../run.ts';
import { unpackedState } from './packing.ts';
import type { MainSide, RemoteCarried, RemoteCarry, RemoteLeases } from './protocol.ts';

/** The input of the accepting thread's side of the processors thread. */
export interface MainSideInput extends Pick<RunInput, 'log' | 'onFailure' | 'onError'> {
  readonly elsewhere?: Elsewhere | undefined;
  readonly intake: Pick<Intake, 'admit' | 'carryReady' | 'refuse'>;
}

/** Creates the accepting thread's side of the processors thread: only this side writes. */
export function mainSideOf({ log, elsewhere, intake, onFailure, onError }: MainSideInput): MainSide {
  const leases = (which: RemoteLeases): Leases<string> =>
    which === 'all' ? (elsewhere ?? log).owners : log.owners;
  return {
    // Concurrently: they share a commit.
    carry: (all) => Promise.all(all.map((one) => carried(one, intake))),
    append: (carry) => log.append([], carry),
    set: (key, value) => log.set(key, value),
    acquire: (which, owner, holder, ttl) => leases(which).acquire(owner, holder, ttl),
    renew: (which, lease, ttl) => leases(which).renew(lease, ttl),
    release: (which, lease) => leases(which).release(lease),
    isHere: async (owner) => (await elsewhere?.isHere(owner)) ?? true,
    async askElsewhere(owner, asked) {
      if (elsewhere === undefined) throw new Error('There is no other process.');
      return elsewhere.ask(owner, asked);
    },
    failure: async (processor, failure) => onFailure(processor, failure),
    async error(processor, { message, stack }) {
      const error = new Error(message);
      if (stack !== undefined) error.stack = stack;
      onError(processor, error);
    },
  };
}

async function carried(one: RemoteCarry, intake: MainSideInput['intake']): Promise<RemoteCarried> {
  const { processor: id, lease, cursor, messageIds, texts, timers, sharesKeys } = one;
  const origin = { source: { id }, path: 'processor' };
  const refused = [...one.refused];
  const entries = texts.flatMap((text, at) => {
    const ready = intake.admit(entryOf(id, messageIds[at]!, text), origin);
    if (ready.ok) return [ready.entry];
    refused.push({ messageId: messageIds[at]!, issues: ready.issues });
    return [];
  });
  if (refused.length > 0) intake.refuse(refused, origin);
  const state = unpackedState(one);
  const carry = { lease, ...(cursor === undefined ? {} : { cursor }), state, timers, sharesKeys };
  try {
    return await intake.carryReady(id, entries, carry);
  } catch (error) {
    return { failed: error instanceof Error ? error.message : String(error) };
  }
}
