import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  compileTrigger,
  createTriggerIndex,
  explainTrigger,
  parseTrigger,
  printTrigger,
  TriggerError,
} from '../../src/trigger/index.ts';

interface Case {
  readonly name: string;
  readonly trigger: string;
  readonly dialect?: 'waybill' | 'segment';
  readonly event?: Record<string, unknown>;
  readonly matches?: boolean;
  readonly error?: { readonly code: string; readonly offset: number };
}

const folder = new URL('../../../../test/cases/trigger/', import.meta.url);

describe.each(readdirSync(folder).sort())('the cases of %s', (file) => {
  // The shape is checked by use: a case without `matches` or `error` fails.
  const cases = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Case[];
  const dialectOf = (one: Case) => one.dialect ?? (file === 'segment.json' ? 'segment' : 'waybill');

  it('have unique names', () => {
    expect(new Set(cases.map((one) => one.name)).size).toBe(cases.length);
  });

  it.each(cases.map((one) => [one.name, one] as const))('%s', (_, one) => {
    const dialect = dialectOf(one);
    if (one.error !== undefined) {
      expect(errorOf(one.trigger, dialect)).toMatchObject(one.error);
      return;
    }
    const event = one.event!;
    expect(compileTrigger(one.trigger, { dialect })(event)).toBe(one.matches);
    expect(createTriggerIndex([{ id: 1, trigger: one.trigger, dialect }]).match(event)).toEqual(
      one.matches ? [1] : [],
    );
    expect(explainTrigger(one.trigger, event, { dialect }).holds).toBe(one.matches);
    if (dialect === 'waybill') {
      const printed = printTrigger(parseTrigger(one.trigger));
      expect(compileTrigger(printed)(event)).toBe(one.matches);
      expect(printTrigger(parseTrigger(printed))).toBe(printed);
    }
  });
});

function errorOf(trigger: string, dialect: 'waybill' | 'segment'): TriggerError | undefined {
  try {
    compileTrigger(trigger, { dialect });
  } catch (error) {
    if (error instanceof TriggerError) return error;
    throw error;
  }
  return undefined;
}
