import type { ResolvedDestination } from '@waybill/core';
import { type KeptAudience, keyOf, readKept, writeKept } from '../instance/kept-audience.ts';
import { openNow } from './audiences.ts';
import type { Lane } from './lane.ts';
import type { LaneShared } from './lane-shared.ts';

/** Returns the audiences with stored IDs for the account of a destination. */
export async function keptAudiences(
  destination: ResolvedDestination,
  lane: Lane | undefined,
  shared: LaneShared,
): Promise<readonly KeptAudience[]> {
  const isHeld = lane !== undefined && shared.share === undefined;
  const kept = isHeld ? lane.compiled().kept : await openNow(destination, shared);
  const entries = Object.entries(kept.audiences.all());
  if (!isHeld) kept.close();
  return entries.map(([key, text]) => readKept(key, text)!).sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Stores an ID that was set for an audience, or removes it; false when no more can be stored. */
export async function keepAudience(
  destination: ResolvedDestination,
  audience: { readonly id: string; readonly externalId?: string | undefined },
  lanes: readonly Lane[],
  shared: LaneShared,
): Promise<boolean> {
  const { id, externalId } = audience;
  const key = keyOf(id);
  const { inTurn = (_name, work) => work() } = shared;
  await shared.audiences.drop(destination.id, id);
  return inTurn(`audiences ${destination.id}`, async () => {
    const own = await openNow(destination, shared);
    const held = lanes.map((lane) => lane.compiled().kept);
    const before = [own, ...held].map(({ audiences }) => readKept(key, audiences.get(key))).find(Boolean);
    const { key: name } = before ?? {};
    const entry =
      externalId === undefined
        ? undefined
        : writeKept({
            id,
            ...(name === undefined ? {} : { key: name }),
            externalId,
            at: shared.now(),
            isSet: true,
          });
    for (const kept of [own, ...held]) if (!kept.audiences.set({ [key]: entry })) return false;
    await Promise.all([own, ...held].map((kept) => kept.written()));
    own.close();
    await shared.audiences.drop(destination.id, id);
    return true;
  });
}
