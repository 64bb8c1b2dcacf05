import {
  compilePayload,
  compileTrigger,
  type Destination,
  type Event,
  type MappingConfig,
  resolveMapping,
} from '@waybill/core';
import { same } from './change.ts';

type CompiledPayloadResult = ReturnType<ReturnType<typeof compilePayload>>;

/** How given events change when a mapping runs under another version. */
export interface EventsReached {
  /** Why events that were sent are now refused. */
  readonly stops: readonly string[];
  /** How the payloads of events change. */
  readonly differs: readonly string[];
}

/** Sends events through a mapping under both versions, up to the point of sending. */
export function eventsReached(
  config: MappingConfig,
  old: Destination,
  now: Destination,
  events: readonly Event[],
): EventsReached {
  const [before, after] = [runner(config, old), runner(config, now)];
  if (before === undefined || after === undefined) return { stops: [], differs: [] };
  const refused = new Map<string, number>();
  const counts = { sent: 0, other: 0, begins: 0, ends: 0 };
  for (const event of events) {
    const [was, is] = [before(event), after(event)];
    if (was?.ok === true) counts.sent += 1;
    if (was === undefined && is?.ok === true) counts.begins += 1;
    if (was?.ok !== true) continue;
    if (is === undefined) counts.ends += 1;
    else if (is.ok) counts.other += same(was.payload, is.payload) ? 0 : 1;
    else {
      const [issue] = is.issues;
      const reason = issue === undefined ? 'refused' : issue.message;
      refused.set(reason, (refused.get(reason) ?? 0) + 1);
    }
  }
  const of = `of the ${counts.sent} events that it sends`;
  return {
    stops: [...refused].map(([reason, count]) => `${count} ${of} are refused: ${reason}`),
    differs: [
      ...(counts.other === 0 ? [] : [`${counts.other} ${of} are sent with other values.`]),
      ...(counts.ends === 0 ? [] : [`${counts.ends} ${of} no longer match it.`]),
      ...(counts.begins === 0 ? [] : [`${counts.begins} more events match it.`]),
    ],
  };
}

/** Creates the payload of an event; undefined when the trigger does not match. */
function runner(
  config: MappingConfig,
  destination: Destination,
): ((event: Event) => CompiledPayloadResult | undefined) | undefined {
  const resolved = resolveMapping(config, destination);
  if (!resolved.ok) return undefined;
  const { trigger, dialect, mapping, action } = resolved.value;
  const isFor = compileTrigger(trigger, { dialect });
  const make = compilePayload({ fields: destination.actions[action]!.fields, mapping });
  return (event) => (isFor(event) ? make(event) : undefined);
}
