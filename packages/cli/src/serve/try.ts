import { compilePayload, type Destination, type Issue } from '@waybill/core';
import type { TryInput, TryResult } from '@waybill/definitions';
import { openInstance } from '../author/instance.ts';
import { toEvents } from '../author/read.ts';
import { tryEvents } from '../author/try.ts';
import { CommandFailure } from '../output/exit.ts';

/** Tries one event on one action: trigger, mapping, validation, and its requests, sent or not. */
export async function tryAction(
  destination: Destination,
  fileSettings: Readonly<Record<string, unknown>>,
  input: TryInput,
): Promise<TryResult> {
  try {
    const [event] = toEvents([input.event], 'The event');
    const { action, trigger, mapping, send } = input;
    const instance = {
      id: destination.slug,
      destination,
      settings: { ...fileSettings, ...input.settings },
      mappings: [{ id: 'tried', action, trigger, mapping }],
    };
    const under = openInstance(instance, send);
    const [tried] = await tryEvents(under, [event!], { id: destination.slug, send, explain: true });
    const { explanation, items, skipped } = tried!;
    const [item] = items;
    const made = compilePayload({ fields: destination.actions[action]!.fields, mapping })(event);
    const issues: readonly Issue[] = made.ok ? [] : made.issues;
    const about = explanation!.mappings[0]!;
    return {
      problems: [],
      event: event!,
      matched: about.trigger.holds,
      explanation: about,
      issues: about.trigger.holds ? issues : [],
      sent: send,
      ...(skipped === undefined ? {} : { skipped }),
      ...(item?.payload === undefined ? {} : { payload: item.payload }),
      ...(item?.outcome === undefined ? {} : { outcome: item.outcome }),
      requests: item?.requests ?? [],
    };
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error;
    return {
      problems: error.message
        .replaceAll(`${destination.slug}: `, '')
        .replaceAll('mappings[0].', '')
        .split('\n'),
    };
  }
}
