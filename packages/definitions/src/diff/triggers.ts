import { parseTrigger, printTrigger, TriggerError } from '@waybill/core';

/** Whether two triggers are equal except for spaces and quotes. */
export function sameTrigger(before: string | undefined, after: string | undefined): boolean {
  return (
    before === after || (before !== undefined && after !== undefined && normal(before) === normal(after))
  );
}

function normal(trigger: string): string {
  try {
    return printTrigger(parseTrigger(trigger));
  } catch (error) {
    if (error instanceof TriggerError) return trigger.trim();
    throw error;
  }
}
