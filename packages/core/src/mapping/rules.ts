import { ROOT_KEY } from './paths.ts';
import { isMembers } from './values.ts';

/** The name of a difference, as docs/compatibility/mapping.md numbers them. */
export type RuleId = `M${number}`;

/** One difference from Segment's runtime: what it does, what Waybill does, and why. */
export interface Rule {
  readonly id: RuleId;
  readonly title: string;
  readonly upstream: string;
  readonly ours: string;
  readonly reason: string;
  /** Name of its test in packages/core/test/mapping/rules.test.ts. */
  readonly test: string;
  /** Whether a mapping and event may meet it, for a difference that depends on more than one directive. */
  foresees?(mapping: unknown, event: unknown): boolean;
}

/**
 * Every difference from Segment's runtime. The reference interpreter reports which of them an evaluation meets; where
 * it reports none, the result is Segment's.
 */
export const RULES: readonly Rule[] = [
  {
    id: 'M1',
    title: 'A mapping that cannot work is rejected when it is compiled',
    upstream:
      'Looks at most directives when an event arrives, and not inside lists, `@literal`, and the branches of `@if`. A broken directive there fails each event that reaches it (unknown name, `@case` without operator, `@flatten` without separator, `@merge` without direction, `@json` of a falsy value, `@if` with a falsy `exists`, Liquid with an error), or is passed on as data (a directive next to other keys in a list), or is ignored (a list or string as the whole mapping, `mode: "ENCODE"`, `direction: "LEFT"` as if it were right, a `pattern2` that is not a string).',
    ours: '`compileMapping` throws a `MappingError` that lists every problem with its JSON path.',
    reason: 'An error is found when the mapping is saved, not when it has lost events.',
    test: 'M1: a broken directive inside a list or a branch is found at compile',
  },
  {
    id: 'M2',
    title: 'A mapping is bounded in size',
    upstream: 'No bound; deep nesting ends in a stack overflow.',
    ours: 'At most 64 levels, 10,000 values and 500,000 characters; a larger one is rejected when it is compiled. A template has at most 1,000 parts and writes at most a million characters; beyond that, it fails for the event.',
    reason: 'Evaluation and code generation stay within milliseconds for any input.',
    test: 'M2: a mapping nested deeper than 64 levels is refused',
  },
  {
    id: 'M3',
    title: 'Inputs are never written to',
    upstream:
      '`@replace` writes its defaults into the stored mapping, a root directive has the other fields written into it, Liquid counters (`increment`, `decrement`) are written into the event, where later fields read them. Frozen inputs throw.',
    ours: 'Mapping and event are only read; frozen ones work.',
    reason: 'A mapping is shared by all events and an event by all mappings.',
    test: 'M3: mapping and event may be frozen, and Liquid counters stay in their template',
  },
  {
    id: 'M4',
    title: 'Prototypes cannot be read',
    upstream: '`$.constructor.name` reads "Object", `$.properties.toString` a function.',
    ours: 'Only own members are read; everything else is missing.',
    reason: 'A payload contains only data of the event.',
    test: 'M4: a path never reads what only a prototype has',
  },
  {
    id: 'M5',
    title: 'A key named `__proto__` is data',
    upstream:
      'Sets the prototype of the copy: the member disappears, and its own members can be read in its place.',
    ours: 'It stays an own member of that name.',
    reason: 'Nothing of an event is lost, and no object gets another prototype.',
    test: 'M5: a key named __proto__ stays an own member',
    foresees: (mapping, event) => JSON.stringify([mapping, event]).includes('__proto__'),
  },
  {
    id: 'M6',
    title: '`@if` gives a falsy `else`',
    upstream: 'An `else` of 0, false, null or an empty string returns no value.',
    ours: 'It returns the value.',
    reason: 'A `then` may be falsy, and `else: false` is the usual way to write a flag.',
    test: 'M6: else false gives false',
  },
  {
    id: 'M7',
    title: '`@replace` leaves values unchanged that are not strings',
    upstream: 'Turns a missing value, null, a list or an object into an empty string.',
    ours: 'A missing value stays missing, null stays null, and lists and objects are returned unchanged.',
    reason: 'An empty string overwrites what the destination knows about the person.',
    test: 'M7: replacing in a missing value gives nothing',
  },
  {
    id: 'M8',
    title: 'A replacement is inserted literally',
    upstream: "Interprets `$$`, `$&`, `` $` `` and `$'` in a replacement.",
    ours: '`$` is a character like any other.',
    reason: 'The option is documented as plain text, and the last two can square the size of a value.',
    test: 'M8: a dollar sign in a replacement is a dollar sign',
  },
  {
    id: 'M9',
    title: 'A path or template that a directive returns may be missing',
    upstream: 'Throws, and so fails the whole batch. The same for a template that is a number.',
    ours: 'A missing path returns no value, a missing template is an empty string, and a number or boolean is converted to a string. Anything else fails that event only.',
    reason: 'An event without the property is still valid.',
    test: 'M9: a template over a missing value is an empty string',
  },
  {
    id: 'M10',
    title: 'A template inserts values once',
    upstream: 'Renders twice, so that a value inserted by `{{{a}}}` that contains `{{b}}` is rendered again.',
    ours: 'Braces inside values are left unchanged.',
    reason: 'The author of an event must not control what is read from it.',
    test: 'M10: braces inside a value are not read',
  },
  {
    id: 'M11',
    title: 'An object with a member named toString is an object like any other',
    upstream: '`@template` and `@if` with `blank` throw a TypeError.',
    ours: 'It is rendered as `[object Object]`, and is not blank.',
    reason: 'No key of an event can break its mapping.',
    test: 'M11: a member named toString does not break a template',
  },
  {
    id: 'M12',
    title: '`@transform` works on any item',
    upstream:
      'Throws for an item that is not an object, for example inside `@arrayPath` over a list of strings; treats a missing scope as an empty object, so that `$.` reads `{}`.',
    ours: '`apply` reads from the item, whatever its type; members that do not exist are missing.',
    reason: 'One odd item does not fail the event.',
    test: 'M12: transform inside a list of strings reads nothing',
  },
  {
    id: 'M13',
    title: 'A payload is JSON and shares what it can',
    upstream: 'Copies the whole payload for every event and leaves undefined in lists.',
    ours: 'Parts of the event are passed by reference and constants are frozen: a payload is read-only. In lists that the mapping builds, a missing item is null, as in JSON.',
    reason: 'Copying is most of the cost. The same value is mapped, validated, shown and sent.',
    test: 'M13: an item that is missing is null',
  },
  {
    id: 'M14',
    title: 'Liquid is bounded by work, not by time alone',
    upstream: 'A template may process 100 million characters and take 500 ms.',
    ours: 'A template may process 10 million characters and take 500 ms.',
    reason: 'No event delays the others by more than some milliseconds.',
    test: 'M14: a template that doubles a string again and again fails for that event',
  },
  {
    id: 'M15',
    title: 'A failure affects one event',
    upstream: 'An error while mapping one event of a batch is thrown for the whole batch, without a status.',
    ours: 'Evaluation throws one kind of error, `MappingEvaluationError`, with the JSON path of the directive; the pipeline rejects that item with `mapping_failed`.',
    reason: 'One bad event must not fail the rest of its batch.',
    test: 'M15: a failure names the directive',
  },
  {
    id: 'M16',
    title: 'A template over a missing scope inserts nothing',
    upstream:
      'Where the scope of a template is missing (inside `@transform` whose `apply` gives nothing), `{{ }}` and `{{.}}` write `[object Object]`.',
    ours: 'They insert nothing, like every other path there.',
    reason: 'There is no object to insert.',
    test: 'M16: the whole of a missing scope is written as nothing',
  },
  {
    id: 'M17',
    title: 'A root directive is allowed inside `@transform`',
    upstream:
      'Supports one in `apply`, but rejects it before it runs, because it checks that `@transform` has its own `mapping`.',
    ours: 'It works there as at the top level.',
    reason: 'A mapping that works alone works as a step of another.',
    test: 'M17: what transform applies may have a root directive',
    foresees: (mapping) => {
      const { [ROOT_KEY]: root, ...fields } = isMembers(mapping) ? mapping : {};
      return JSON.stringify([root, fields]).includes(`"${ROOT_KEY}":`);
    },
  },
  {
    id: 'M18',
    title: '`@merge` ignores a string in place of an object',
    upstream: 'Adds a member for every character: `{"0": "a", "1": "b"}`. Numbers and booleans are ignored.',
    ours: 'It is ignored too.',
    reason: 'Members named 0, 1, 2 are never intended, and a long string creates thousands.',
    test: 'M18: a string among the objects of a merge adds nothing',
  },
];

/** Renders docs/compatibility/mapping.md, which lists the differences. */
export function renderRuleDocs(): string {
  const rules = RULES.map(({ id, title, upstream, ours, reason, test }) =>
    [
      `## ${id}: ${title}`,
      `- **Segment:** ${upstream}`,
      `- **Waybill:** ${ours}`,
      `- **Why:** ${reason}`,
      `- **Test:** \`${test}\` in \`packages/core/test/mapping/rules.test.ts\``,
    ].join('\n'),
  );
  return [
    '<!-- Generated from packages/core/src/mapping/rules.ts by renderRuleDocs(). Do not edit. -->',
    '# Mappings: where Waybill differs from Segment',
    'For every mapping and event, Waybill produces the same payload as Segment, except where a rule below says otherwise. `packages/core/test/mapping/differential.test.ts` compares this with `@segment/actions-core` on generated mappings and events: a difference that no rule explains fails the test. `explainMapping` names the rules that apply to a given event, `lintPortability` those that apply to every event.',
    ...rules,
  ]
    .join('\n\n')
    .concat('\n');
}
