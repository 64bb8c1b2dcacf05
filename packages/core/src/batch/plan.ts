import type { Item } from '../define/action.ts';

/** How one action's items may share a call; a `BatchRule` with the limits of the mapping applied. */
export interface CallRule {
  /** Items share a call only within the same action. */
  readonly action: string;
  readonly maxItems: number;
  readonly maxBytes: number;
  readonly oneItemPerUser: boolean;
}

/** An item with what the planner must know of it. */
export interface PlannedItem<T extends Item = Item> {
  readonly item: T;
  readonly rule: CallRule;
  /** Items with the same order key are sent in the given order. */
  readonly user: string;
  /** Bytes of the payload as JSON. */
  readonly bytes: number;
  /** Items share a call only when this is equal: the batch key of their payload. */
  readonly group?: string | undefined;
}

/** One call: items of one action, at most one rule's limits. */
export interface Call<T extends PlannedItem = PlannedItem> {
  readonly rule: CallRule;
  readonly items: readonly T[];
}

/**
 * Arranges items into stages of calls. Calls of one stage may run at the same time; a stage begins when the one before
 * it has ended. So one user's items reach the destination in the order given, also across actions, while different
 * users share calls wherever the rule allows.
 */
export function planCalls<T extends PlannedItem>(items: readonly T[]): Call<T>[][] {
  const stages: Map<string, T[]>[] = [];
  const last = new Map<string, { stage: number; group: string }>();
  for (const one of items) {
    const group = groupName(one);
    const before = last.get(one.user);
    const shares = before?.group === group && one.rule.maxItems > 1 && !one.rule.oneItemPerUser;
    const stage = before === undefined ? 0 : shares ? before.stage : before.stage + 1;
    if (before === undefined || !shares) last.set(one.user, { stage, group });
    const groups = (stages[stage] ??= new Map<string, T[]>());
    const members = groups.get(group);
    if (members === undefined) groups.set(group, [one]);
    else members.push(one);
  }
  return splitStages(stages);
}

function groupName({ rule, group }: PlannedItem): string {
  return group === undefined ? rule.action : `${rule.action} ${group}`;
}

/**
 * Cuts every group into calls within its limits. Where one user's items fall into two calls of one group, the second
 * call moves to a stage of its own: two calls of one stage have no order.
 */
function splitStages<T extends PlannedItem>(stages: readonly Map<string, T[]>[]): Call<T>[][] {
  const planned: Call<T>[][] = [];
  for (const groups of stages) {
    const parallel: Call<T>[] = [];
    const later: Call<T>[][] = [];
    for (const members of groups.values()) {
      const calls = splitBatch(members, members[0]!.rule);
      if (calls.length === 1) {
        parallel.push(calls[0]!);
        continue;
      }
      const seen = new Map<string, number>();
      let depth = 0;
      for (const call of calls) {
        for (const one of call.items) {
          const earlier = seen.get(one.user);
          if (earlier !== undefined) depth = Math.max(depth, earlier + 1);
        }
        for (const one of call.items) seen.set(one.user, depth);
        if (depth === 0) parallel.push(call);
        else (later[depth - 1] ??= []).push(call);
      }
    }
    planned.push(parallel, ...later);
  }
  return planned;
}

/** Cuts items into calls of at most the rule's items and bytes. An item over the limit alone gets a call alone. */
export function splitBatch<T extends PlannedItem>(items: readonly T[], rule: CallRule): Call<T>[] {
  const calls: Call<T>[] = [];
  let members: T[] = [];
  let bytes = 0;
  for (const one of items) {
    if (members.length > 0 && (members.length >= rule.maxItems || bytes + one.bytes > rule.maxBytes)) {
      calls.push({ rule, items: members });
      members = [];
      bytes = 0;
    }
    members.push(one);
    bytes += one.bytes;
  }
  if (members.length > 0) calls.push({ rule, items: members });
  return calls;
}
