import type { EventExplanation, ExplainedMapping, Explanation } from '@waybill/core';
import { brief, indent } from '../output/table.ts';

/** Formats the explanation of an event: trigger, fields, changes, identity. */
export function explanationText(explanation: EventExplanation): string {
  const parts = explanation.mappings.map(mappingText);
  if (explanation.skipped !== undefined) {
    parts.unshift(`The event excludes this destination: ${explanation.skipped.message}`);
  }
  return parts.join('\n');
}

function mappingText(one: ExplainedMapping): string {
  const name = one.name === one.mappingId ? one.mappingId : `${one.mappingId} (${one.name})`;
  const lines = [
    `${name}: ${one.trigger.holds ? 'the trigger matches' : 'the trigger does not match'}${one.enabled ? '' : ', but the mapping is disabled'}`,
    indent(triggerText(one.trigger)),
  ];
  if (one.mapping !== undefined) lines.push('  fields', indent(fieldsText(one.mapping), '    '));
  if (one.changes !== undefined) {
    const changes = one.changes.map(
      ({ path, what, from, to }) => `${path}: ${CHANGES[what]}, from ${brief(from)} to ${brief(to)}`,
    );
    lines.push('  changed by validation', indent(changes.join('\n'), '    '));
  }
  if (one.identity !== undefined) {
    const { by, notes, ...identifiers } = one.identity;
    lines.push(`  identity  by ${by}: ${brief(identifiers[by])}`);
    lines.push(...notes.map((note) => `            ${note}`));
  }
  if (one.outcome !== undefined && one.outcome.status !== 'delivered') {
    lines.push(`  ${one.outcome.status}  ${one.outcome.code}: ${one.outcome.message}`);
  }
  return lines.join('\n');
}

const CHANGES = {
  removed_empty: 'an empty value was left out',
  removed_unknown: 'the action has no such field',
  coerced: 'converted to the type of the field',
} as const;

function triggerText(trigger: Explanation): string {
  const mark = trigger.holds ? 'yes' : 'no ';
  const reads = trigger.reads
    .map(({ text, found, value }) => `${text} is ${found ? brief(value, 60) : 'not there'}`)
    .join(', ');
  const line = `${mark}  ${trigger.text}${reads === '' ? '' : `   (${reads})`}`;
  return [line, ...trigger.children.map((child) => indent(triggerText(child)))].join('\n');
}

type Mapping = NonNullable<ExplainedMapping['mapping']>;
type Step = Mapping['steps'][number];

function fieldsText(mapping: Mapping): string {
  const width = Math.max(0, ...mapping.fields.map(({ field }) => field.length));
  const lines = mapping.fields.flatMap(({ field, value, steps }) => [
    `${field.padEnd(width)}  ${brief(value)}`,
    ...steps.map((step) => indent(stepText(step), ' '.repeat(width + 2))),
  ]);
  return [
    ...lines,
    ...mapping.steps.map(stepText),
    ...mapping.problems.map(({ path, message }) => `${path}: ${message}`),
  ].join('\n');
}

function stepText(step: Step): string {
  const reads = step.reads.map(({ path, value }) => `${path} (${brief(value, 40)})`).join(', ');
  const line = `${step.directive}${reads === '' ? '' : ` read ${reads}`}${step.steps.length > 0 ? ` gave ${brief(step.value, 40)}` : ''}`;
  return [line, ...step.steps.map((inner) => indent(stepText(inner)))].join('\n');
}
