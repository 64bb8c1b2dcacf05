import { DIRECTIVES } from './directives/index.ts';
import type { Directive } from './directives/directive.ts';

/** Renders docs/directives.md from the directives. */
export function renderDirectiveDocs(): string {
  const portable = DIRECTIVES.filter((directive) => directive.portable);
  const own = DIRECTIVES.filter((directive) => !directive.portable);
  return [
    '<!-- Generated from packages/core/src/mapping/directives by renderDirectiveDocs(). Do not edit. -->',
    '# Directives',
    'A mapping is a JSON object. Its keys are the fields of the payload; its values say where each field comes from. An object with one key that begins with `@` is a directive, which computes a value from the event; everything else is a constant. A directive must be the only key of its object (except for `_metadata`, which is ignored). A directive that returns no value leaves its field out of the payload; in a list, the item becomes null.',
    'Directives can be nested wherever a value is allowed, unless their section says otherwise. Errors in a mapping are reported with their path when it is compiled. A directive that fails for an event rejects that event only, with the path of the directive.',
    'The payload shares parts with the event: read it, but do not change it.',
    "## Segment's directives",
    'These work as on Segment, except for the differences that [compatibility/mapping.md](compatibility/mapping.md) lists.',
    ...portable.map(page),
    '### The root directive',
    'A mapping may have, under the key `__segment_internal_directive`, one directive that wraps the whole mapping: the other fields become its option `mapping`. It is meant for `@transform`:',
    block({
      __segment_internal_directive: { '@transform': { apply: { order: { '@path': '$.properties.order' } } } },
      total: { '@path': '$.order.total' },
    }),
    "## Waybill's own directives",
    'A mapping that uses one of these no longer runs on Segment; `lintPortability(mapping)` lists where.',
    ...own.map(page),
  ]
    .join('\n\n')
    .concat('\n');
}

function page(directive: Directive): string {
  return [
    `### ${directive.name}`,
    directive.summary,
    directive.notes.map((note) => `- ${note}`).join('\n'),
    ...directive.examples.map(
      ({ mapping, event, payload }) =>
        `${block(mapping)}\n\nturns the event\n\n${block(event)}\n\ninto the payload\n\n${block(payload)}`,
    ),
  ].join('\n\n');
}

function block(value: unknown): string {
  return `\`\`\`json\n${JSON.stringify(value, null, 2)}\n\`\`\``;
}
