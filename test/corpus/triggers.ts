import { parseFql, validate, type Subscription } from '@segment/destination-subscriptions';
import {
  compileTrigger,
  lintTrigger,
  TriggerError,
  type CompiledTrigger,
  type TriggerDialect,
} from '../../packages/core/src/trigger/index.ts';
import { baseEvent, TYPES, type Tree } from './events.ts';
import { freeze } from './payloads.ts';
import type { PublishedDefinition } from './published.ts';
import { Random } from './random.ts';
import type { Tally } from './tally.ts';
import { copy } from './upstream.ts';
import { perturbWithin } from './values.ts';

/** A condition of the hosted product's tree, as far as events are made from it. */
interface Condition {
  readonly type: string;
  readonly name?: string;
  readonly value?: string | number | boolean;
  readonly children?: readonly Condition[];
}

/** A trigger that the two dialects answer differently. */
export interface Disagreement {
  readonly trigger: string;
  readonly codes: readonly string[];
  /** Of how many events. */
  readonly events: number;
}

const HOLDERS: Readonly<Record<string, string>> = {
  'event-property': 'properties',
  'event-trait': 'traits',
  'event-context': 'context',
};

const TOP: Readonly<Record<string, string>> = {
  'event-type': 'type',
  event: 'event',
  name: 'name',
  userId: 'userId',
};

/** Every distinct trigger of the definitions. */
export function triggersOf(definitions: readonly PublishedDefinition[]): readonly string[] {
  const texts = new Set<string>();
  for (const { actions, presets } of definitions) {
    for (const { defaultSubscription } of Object.values(actions)) {
      if (defaultSubscription) texts.add(defaultSubscription);
    }
    for (const { subscribe } of presets ?? []) if (subscribe) texts.add(subscribe);
  }
  return [...texts].sort();
}

function leaves(condition: Condition): readonly Condition[] {
  return condition.children?.flatMap(leaves) ?? [condition];
}

/** Puts a value where a condition looks: one that it is about, one near it, or one of another type. */
function aim(event: Tree, { type, name, value }: Condition, random: Random): void {
  const text = String(value ?? 'given');
  const close = [
    `${text}s`,
    `a ${text}`,
    ` ${text}`,
    text.toUpperCase(),
    text.slice(1),
    '',
    '10',
    'null',
    'true',
  ];
  const other = [null, true, false, 0, 5, 10, -1, [text], {}];
  const aimed = random.chance(0.6)
    ? random.pick([text, value ?? text, Number.isNaN(Number(text)) ? text : Number(text)])
    : random.pick<unknown>([...close, ...other]);
  const holder = HOLDERS[type];
  if (holder === undefined) {
    event[TOP[type] ?? 'type'] = aimed;
    return;
  }
  let at = event[holder];
  if (typeof at !== 'object' || at === null) event[holder] = at = {};
  const keys = (name ?? '').split(/[.[\]]+/).filter((key) => key !== '');
  for (const key of keys.slice(0, -1)) {
    const members = at as Tree;
    if (typeof members[key] !== 'object' || members[key] === null) members[key] = {};
    at = members[key];
  }
  const last = keys.at(-1);
  if (last !== undefined) (at as Tree)[last] = aimed;
}

function makeEvent(conditions: readonly Condition[], random: Random): Tree {
  const event = baseEvent(random.pick(TYPES));
  for (const condition of conditions) if (random.chance(0.7)) aim(event, condition, random);
  if (random.chance(0.3)) perturbWithin(event, random);
  if (random.chance(0.05))
    delete event[random.pick(['type', 'event', 'properties', 'traits', 'context', 'userId'])];
  return copy(event);
}

function compile(text: string, dialect: TriggerDialect): CompiledTrigger | undefined {
  try {
    return compileTrigger(text, { dialect });
  } catch (error) {
    if (error instanceof TriggerError) return undefined;
    throw error;
  }
}

function hosted(tree: Subscription, event: Tree): boolean | 'failed' {
  try {
    return validate(tree, event);
  } catch {
    return 'failed';
  }
}

/** Whether Waybill accepts an event: the linter only covers those. */
function isAccepted(event: Tree): boolean {
  return ['properties', 'traits', 'context'].every((key) => {
    const value = event[key];
    return value === undefined || (typeof value === 'object' && value !== null && !Array.isArray(value));
  });
}

/** Compares every trigger for a number of events, in both dialects. */
export function compareTriggers(
  triggers: readonly string[],
  options: { readonly seed: number; readonly events: number },
  tally: Tally,
): readonly Disagreement[] {
  const disagreements: Disagreement[] = [];
  for (const text of triggers) {
    const tree = parseFql(text);
    const ours = compile(text, 'segment');
    if ('error' in tree || ours === undefined) {
      tally.count('unreadable');
      if ('error' in tree && ours === undefined) tally.same();
      else tally.differs([], () => ({ where: text, what: 'read on one side only', example: tree }));
      continue;
    }
    const native = compile(text, 'waybill');
    const conditions = leaves(tree as Condition);
    const random = Random.of(options.seed, text);
    const given = { true: 0, false: 0, other: 0 };
    for (let number = 0; number < options.events; number++) {
      const event = freeze(makeEvent(conditions, random));
      const theirs = hosted(tree, event);
      if (theirs === ours(event)) tally.same();
      else tally.differs([], () => ({ where: text, what: 'trigger', example: { theirs, event } }));
      if (theirs === true) given.true += 1;
      else given.false += 1;
      if (isAccepted(event) && native?.(event) !== theirs) given.other += 1;
    }
    tally.count('matching events', given.true);
    if (given.true > 0 && given.false > 0) tally.count('triggers seen true and false');
    else tally.count(given.true > 0 ? 'triggers always true' : 'triggers never true');
    if (given.other === 0 && native !== undefined) continue;
    const codes = [...new Set(lintTrigger(text).map(({ code }) => code))];
    disagreements.push({ trigger: text, codes, events: given.other });
    if (codes.length === 0) tally.report({ where: text, what: 'the linter is silent', example: given });
  }
  return disagreements;
}
