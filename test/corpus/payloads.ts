import { isDeepStrictEqual } from 'node:util';
import type { Fields, Json } from '../../packages/core/src/define/fields.ts';
import {
  compileMapping,
  MappingEvaluationError,
  type CompiledMapping,
  type Execution,
} from '../../packages/core/src/mapping/index.ts';
import {
  compilePayload,
  compileValidator,
  isReservedMappingKey,
  type Validation,
} from '../../packages/core/src/validation/index.ts';
import { eventSource, makeEvent, type Tree } from './events.ts';
import type { Mapping, MappingCase } from './published.ts';
import { mappingRules, shrink, validationRules } from './rules.ts';
import type { Tally } from './tally.ts';
import {
  ask,
  copy,
  upstreamCheck,
  upstreamExecute,
  upstreamMap,
  type Answer,
  type Check,
  type Verdict,
} from './upstream.ts';

const EXECUTIONS: readonly Execution[] = ['generated', 'closures', 'reference'];

/** What is counted of mappings and payloads. */
export interface PayloadTallies {
  readonly mapping: Tally;
  readonly validation: Tally;
  readonly together: Tally;
}

/** The results for a field of an action over all events. */
export interface FieldSeen {
  /** How often a mapping gave it a value that is not null, empty text, an empty list or an empty object. */
  mapped: number;
  /** How often such a value was in an accepted payload. */
  accepted: number;
}

/** Freezes a tree: every write to it throws. */
export function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(freeze);
  }
  return value;
}

function run(map: CompiledMapping, event: unknown): Answer<unknown> {
  try {
    return { value: map(event) };
  } catch (error) {
    if (error instanceof MappingEvaluationError) return { thrown: `${error.path}: ${error.message}` };
    return { thrown: `not a documented error: ${String(error)}` };
  }
}

function sameAnswer(left: Answer<unknown>, right: Answer<unknown>): boolean {
  if ('thrown' in left || 'thrown' in right) return 'thrown' in left && 'thrown' in right;
  return isDeepStrictEqual(left.value, right.value);
}

/** Whether upstream and we return the same verdict on a payload. */
export function sameVerdict(theirs: Answer<Verdict>, ours: Validation): boolean {
  if ('thrown' in theirs || theirs.value.ok !== ours.ok) return false;
  return !ours.ok || isDeepStrictEqual(theirs.value.payload, ours.payload);
}

const checks = new WeakMap<object, Check>();

/** Upstream's check of an action, under the key that upstream keeps its schema by. */
function checkOf({ definition, action }: MappingCase): Check {
  const known = action === undefined ? undefined : checks.get(action);
  if (known !== undefined) return known;
  const check = upstreamCheck(action?.fields ?? {}, `${definition.name}:${action?.title ?? ''}`);
  if (action !== undefined) checks.set(action, check);
  return check;
}

function compileAll({ mapping, name }: MappingCase, tally: Tally): readonly CompiledMapping[] | undefined {
  try {
    const maps = EXECUTIONS.map((execution) => compileMapping(mapping, { execution }));
    tally.count('compiled');
    return maps;
  } catch (error) {
    tally.report({ where: name, what: 'does not compile', example: { mapping, error: String(error) } });
    return undefined;
  }
}

function hasValue(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return false;
  return typeof value !== 'object' || Object.keys(value).length > 0;
}

/** The settings of a mapping that conditions of the fields ask for. */
function askedSettings(fields: Fields, mapping: Mapping): Readonly<Record<string, Json>> {
  const text = JSON.stringify(fields);
  const asked = Object.entries(mapping).filter(
    ([key, value]) =>
      isReservedMappingKey(key) && typeof value !== 'object' && text.includes(`"fieldKey":"${key}"`),
  );
  return Object.fromEntries(asked) as Readonly<Record<string, Json>>;
}

function withoutReserved(payload: unknown): unknown {
  return Object.fromEntries(Object.entries(payload as Tree).filter(([key]) => !isReservedMappingKey(key)));
}

/** Compares one mapping for a number of generated events. */
export async function compareMapping(
  one: MappingCase,
  options: { readonly seed: number; readonly events: number },
  tallies: PayloadTallies,
  seen: Map<string, FieldSeen>,
): Promise<void> {
  const { mapping, action, name } = one;
  const fields: Fields = action?.fields ?? {};
  freeze(mapping);
  const maps = compileAll(one, tallies.mapping);
  if (maps === undefined) return;
  const check = checkOf(one);
  const checked = Object.keys(fields).length > 0;
  const settings = askedSettings(fields, mapping);
  const validate = compileValidator(fields, { settings, execution: 'generated' });
  const validateClosures = compileValidator(fields, { settings, execution: 'closures' });
  const whole = compilePayload({ fields, mapping });
  const source = eventSource(mapping, fields);

  for (let number = 0; number < options.events; number++) {
    const event = freeze(makeEvent(source, options.seed, name, number));

    // The mapping alone.
    const theirs = upstreamMap(mapping, event);
    const [ours, ...others] = maps.map((map) => run(map, event)) as [Answer<unknown>, ...Answer<unknown>[]];
    others.forEach((other, index) => {
      if (isDeepStrictEqual(other, ours)) return;
      const what = `generated and ${EXECUTIONS[index + 1]} disagree`;
      tallies.mapping.report({ where: name, what, example: { event, ours, other } });
    });
    if ('thrown' in ours) tallies.mapping.count('failed');
    const sameMapping = sameAnswer(theirs, ours);
    let rules: readonly string[] = [];
    if (sameMapping) tallies.mapping.same();
    else {
      rules = mappingRules(mapping, event, theirs, ours);
      tallies.mapping.differs(rules, () => ({
        where: name,
        what: 'mapping',
        example: differing(theirs, ours, event),
      }));
    }
    if ('thrown' in ours) continue;
    const raw = ours.value as Tree;
    for (const [key, field] of seenOf(seen, one)) if (hasValue(raw[key])) field.mapped += 1;
    if (!checked) continue;

    // The validation alone, of what the mapping made here.
    const verdict = ask(() => check(copy(raw)));
    const validation = validate(raw);
    if (!isDeepStrictEqual(validateClosures(raw), validation)) {
      tallies.validation.report({ where: name, what: 'validators disagree', example: { raw } });
    }
    tallies.validation.count(validation.ok ? 'accepted' : 'refused');
    tallies.validation.count(`${one.kind} ${validation.ok ? 'accepted' : 'refused'}`);
    if (validation.ok) {
      for (const [key, field] of seenOf(seen, one))
        if (hasValue(validation.payload[key])) field.accepted += 1;
    }
    const sameValidation = sameVerdict(verdict, validation);
    if (sameValidation) tallies.validation.same();
    else {
      const minimal = shrink(
        raw,
        (part) =>
          !sameVerdict(
            ask(() => check(copy(part))),
            validate(part),
          ),
      );
      const found = validationRules(fields, minimal, validate(minimal));
      rules = [...rules, ...found];
      tallies.validation.differs(found, () => ({
        where: `${one.definition.slug}/${action?.title}`,
        what: 'validation',
        example: { minimal, theirs: ask(() => check(copy(minimal))), ours: validate(minimal) },
      }));
    }

    // Both in one step, as an event goes through it; settings of the mapping stay out (V14).
    const result = whole(event);
    const both = 'thrown' in theirs ? theirs : ask(() => check(theirs.value));
    const expected: Answer<Verdict> =
      'thrown' in both ? both : { value: { ...both.value, payload: withoutReserved(both.value.payload) } };
    if (validation.ok && Object.keys(validation.payload).some(isReservedMappingKey)) {
      tallies.together.count('settings of the mapping left out');
    }
    if (sameVerdict(expected, result.ok ? result : { ok: false, issues: result.issues }))
      tallies.together.same();
    else {
      tallies.together.differs(rules, () => ({
        where: name,
        what: 'payload',
        example: { expected, result, raw },
      }));
    }

    if (number === 0) {
      const executed = await upstreamExecute(one, event);
      tallies.together.count('checked against Action');
      const steps = 'value' in both && both.value.ok ? { value: both.value.payload } : { thrown: '' };
      if (!sameAnswer(executed, steps)) {
        const what = 'the steps of upstream are not what its Action does';
        tallies.together.report({ where: name, what, example: { executed, steps } });
      }
    }
  }
}

function seenOf(
  seen: Map<string, FieldSeen>,
  { definition, action }: MappingCase,
): readonly [string, FieldSeen][] {
  return Object.keys(action?.fields ?? {})
    .filter((key) => !isReservedMappingKey(key))
    .map((key) => {
      const name = `${definition.slug}/${action?.title}.${key}`;
      let field = seen.get(name);
      if (field === undefined) seen.set(name, (field = { mapped: 0, accepted: 0 }));
      return [key, field];
    });
}

/** Only what differs of two answers. */
function differing(theirs: Answer<unknown>, ours: Answer<unknown>, event: unknown): unknown {
  if ('thrown' in theirs || 'thrown' in ours) return { theirs, ours, event };
  const [left, right] = [theirs.value as Tree, ours.value as Tree];
  const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])];
  const odd = keys.filter((key) => !isDeepStrictEqual(left[key], right[key]));
  return { members: odd.map((key) => ({ key, theirs: left[key], ours: right[key] })), event };
}
