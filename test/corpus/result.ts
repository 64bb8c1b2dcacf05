import type { Finding, Tally } from './tally.ts';
import type { Disagreement } from './triggers.ts';

/** The kinds of comparison, in the order of the table. */
export const KINDS = [
  'mapping',
  'validation',
  'together',
  'trigger',
  'payload',
  'settings',
  'schema',
] as const;
export type Kind = (typeof KINDS)[number];

/** What a comparison counts, as it crosses from one process to the other. */
export type Counted = Pick<Tally, 'cases' | 'equal' | 'listed' | 'unlisted' | 'rules' | 'counts'> & {
  readonly findings: readonly Finding[];
};

/** What one run of the comparison says. */
export interface Result {
  readonly versions: Readonly<Record<string, string>>;
  readonly seed: number;
  /** Events for each mapping, and inputs for each set of fields. */
  readonly events: number;
  readonly seconds: number;
  readonly definitions: number;
  readonly actions: number;
  readonly presets: number;
  /** Presets for actions of browser plugins, which are in no package for servers: mapped, but not validated. */
  readonly presetsWithoutAction: number;
  readonly mappings: Readonly<Record<string, number>>;
  readonly triggers: number;
  readonly schemas: number;
  readonly fields: {
    readonly all: number;
    /** Got a value that is not empty from a mapping at least once. */
    readonly mapped: number;
    /** Had such a value in an accepted payload at least once. */
    readonly accepted: number;
    readonly neverMapped: readonly string[];
    readonly neverAccepted: readonly string[];
  };
  readonly disagreements: readonly Disagreement[];
  readonly tallies: Readonly<Record<Kind, Counted>>;
}

const TITLES: Readonly<Record<Kind, string>> = {
  mapping: 'mapping alone, three executions',
  validation: 'validation alone, of mapped payloads',
  together: 'mapping, cleaning and validation',
  trigger: 'triggers, `segment` dialect',
  payload: 'validation of generated payloads',
  settings: 'validation of generated settings',
  schema: 'JSON Schema of the fields',
};

const number = (value: number): string => value.toLocaleString('en-US');

/** The result as a table in Markdown. */
export function tableOf(result: Result): string {
  const rows = KINDS.map((kind) => {
    const { cases, equal, listed, unlisted, rules } = result.tallies[kind];
    const byRule = Object.entries(rules).sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }));
    const listing = byRule.map(([rule, count]) => `${rule} ${number(count)}`).join(', ');
    return [TITLES[kind], number(cases), number(equal), number(listed), listing, number(unlisted)];
  });
  const head = ['compared', 'cases', 'equal', 'listed', 'by rule', 'unlisted'];
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]!.length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i]!)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}

/** What was compared, in a few lines. */
export function summaryOf(result: Result): string {
  const { definitions, actions, presets, mappings, triggers, schemas, fields, seed, events, tallies } =
    result;
  const kinds = Object.entries(mappings).map(([kind, count]) => `${number(count)} ${kind}`);
  const all = Object.values(mappings).reduce((sum, count) => sum + count, 0);
  const { counts } = tallies.trigger;
  return [
    `${definitions} definitions, ${actions} actions, ${presets} presets (${result.presetsWithoutAction} of them for browser plugins)`,
    `${number(all)} mappings (${kinds.join(', ')}), ${number(schemas)} sets of fields`,
    `${number(fields.mapped)} of ${number(fields.all)} fields got a value, ${number(fields.accepted)} in an accepted payload`,
    `${triggers} distinct triggers, ${counts['triggers seen true and false'] ?? 0} of them seen true and false; ` +
      `${result.disagreements.length} that Waybill's own dialect answers otherwise`,
    `${number(tallies.together.counts['settings of the mapping left out'] ?? 0)} accepted payloads that upstream hands on with settings of the mapping in them (V14)`,
    `seed ${seed}, ${events} events for each mapping, ${result.seconds.toFixed(0)} s`,
  ].join('\n');
}
