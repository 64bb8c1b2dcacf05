import {
  type Action,
  type CallRule,
  type Destination,
  type Item,
  orderKey,
  type Outcome,
  checkOutcomes,
  planCalls,
  type PlannedItem,
  retry,
  type SendContext,
} from '@waybill/core';
import { loadFramework } from '../upstream/packages.ts';
import type { DataBag, RequestClient, UpstreamAction } from '../upstream/types.ts';
import { exportAround } from './around.ts';
import { errorOf, statusOf } from './errors.ts';
import { exportFields } from './fields.ts';
import { createPreparer } from './items.ts';
import { requestThrough } from './request.ts';

/** Converts an action of Waybill to the shape of Segment's framework. */
export function exportAction(name: string, action: Action, destination: Destination): UpstreamAction {
  const prepare = createPreparer(destination, action);

  const deliver = async (
    request: RequestClient,
    data: DataBag,
    payloads: readonly unknown[],
  ): Promise<readonly Outcome[]> => {
    const outcomes: Outcome[] = [];
    const planned: PlannedItem[] = [];
    const indexes = new Map<Item, number>();
    for (const [index, prepared] of prepare(payloads, data).entries()) {
      if ('outcome' in prepared) outcomes[index] = prepared.outcome;
      else {
        indexes.set(prepared.item, index);
        planned.push(plan(prepared.item, ruleOf(name, action), action));
      }
    }
    const context = { settings: data.settings, request: requestThrough(request), now: Date.now };
    for (const stage of planCalls(planned)) {
      for (const call of stage) {
        const items = call.items.map(({ item }) => item);
        const answered = await send(action, items, context);
        for (const [at, item] of items.entries()) outcomes[indexes.get(item)!] = answered[at]!;
      }
    }
    return outcomes;
  };

  return {
    title: action.title,
    description: action.description,
    ...(action.defaultTrigger === undefined ? {} : { defaultSubscription: action.defaultTrigger }),
    fields: exportFields(action),
    ...(action.syncMode === undefined ? {} : { syncMode: action.syncMode }),
    ...exportAround(action),
    perform: async (request, data) => {
      const [outcome] = await deliver(request, data, [data.payload]);
      const error = errorOf(outcome!);
      if (error !== undefined) throw error;
      return outcome;
    },
    ...(action.batch === undefined
      ? {}
      : {
          performBatch: async (request, data) => {
            const payloads = data.payload as readonly unknown[];
            return answersOf(await deliver(request, data, payloads), payloads);
          },
        }),
  };
}

function ruleOf(name: string, { batch }: Action): CallRule {
  return {
    action: name,
    maxItems: batch?.maxItems ?? 1,
    maxBytes: batch?.maxBytes ?? Number.POSITIVE_INFINITY,
    oneItemPerUser: batch?.oneItemPerUser ?? false,
  };
}

function plan(item: Item, rule: CallRule, { batch }: Action): PlannedItem {
  return {
    item,
    rule,
    user: orderKey(item.event),
    bytes: rule.maxItems === 1 ? 0 : JSON.stringify(item.payload).length,
    ...(batch?.groupBy === undefined ? {} : { group: batch.groupBy(item.payload) }),
  };
}

/** Sends as in Waybill: an exception or an invalid outcome is never a success. */
async function send(
  action: Action,
  items: readonly Item[],
  context: SendContext,
): Promise<readonly Outcome[]> {
  try {
    return checkOutcomes(await action.send(items, context), items.length);
  } catch (error) {
    return items.map(() => retry('destination_bug', error instanceof Error ? error.message : String(error)));
  }
}

function answersOf(outcomes: readonly Outcome[], payloads: readonly unknown[]): object {
  const { MultiStatusResponse } = loadFramework().framework;
  const answers = new MultiStatusResponse();
  for (const [index, outcome] of outcomes.entries()) {
    const status = statusOf(outcome);
    const sent = payloads[index];
    const error = errorOf(outcome);
    if (error === undefined) {
      answers.setSuccessResponseAtIndex(index, { status, sent, body: outcome });
    } else {
      answers.setErrorResponseAtIndex(index, { status, errormessage: error.message, sent, body: outcome });
    }
  }
  return answers;
}
