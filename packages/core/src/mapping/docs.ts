import { DIRECTIVES } from './directives/index.ts';
import type { Directive } from './directives/directive.ts';

/** Writes docs/directives.md from what the directives say of themselves. */
export function renderDirectiveDocs(): string {
  const portable = DIRECTIVES.filter((directive) => directive.portable);
  const own = DIRECTIVES.filter((directive) => !directive.portable);
  return [
    '<!-- Generated from packages/core/src/mapping/directives by renderDirectiveDocs(). Do not edit. -->',
    '# Directives',
    'A mapping is a JSON object: its keys are the fields of the payload, its values say where they come from. An object with one key that begins with `@` is a directive, and gives a value made from the event; everything else stands for itself. A directive stands alone in its object (only `_metadata`, which is not read, may stand beside it). What a directive gives is left out of the payload if it is nothing; in a list it becomes null.',
    "Directives can be nested anywhere a value stands, unless their page says otherwise. A mistake in a mapping is found when it is compiled, with its place. A directive that cannot do its work for an event rejects that event, with the directive's place, and no other.",
    'The payload shares parts with the event: read it, do not change it.',
    "## Segment's directives",
    'These do the same on Segment, except for the differences that [compatibility/mapping.md](compatibility/mapping.md) lists.',
    ...portable.map(page),
    '### The root directive',
    'A mapping may hold, under the key `__segment_internal_directive`, one directive that wraps it as a whole: the other fields become its option `mapping`. It is there for `@transform`:',
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
        `${block(mapping)}\n\nmakes of the event\n\n${block(event)}\n\nthe payload\n\n${block(payload)}`,
    ),
  ].join('\n\n');
}

function block(value: unknown): string {
  return `\`\`\`json\n${JSON.stringify(value, null, 2)}\n\`\`\``;
}
