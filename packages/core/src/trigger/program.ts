import type { Condition, Operand, Path } from './ast.ts';
import { compileCondition, compileOperand } from './compile.ts';
import type { Predicate, Reader } from './operators/function.ts';
import { parseTrigger } from './parse.ts';
import { printOperand } from './print.ts';
import { compileSegment, compileSegmentReader } from './segment/compile.ts';
import { parseSegment, type SegmentCondition, type SegmentTest } from './segment/parse.ts';
import type { TriggerOptions } from './trigger.ts';

/** The two fields that a trigger index uses. */
export type KeyField = 'type' | 'event';

/** What a single condition says about `type` and `event`; the index evaluates such conditions in advance. */
export interface KeyUse {
  /** The only fields the condition reads. */
  readonly fields: readonly KeyField[];
  /** The strings it compares with: the index keeps a bucket for each. */
  readonly texts: readonly string[];
  /** The result of the condition for any other value; undefined when it depends on the value. */
  readonly otherwise: boolean | undefined;
}

/** A value that a condition reads. */
export interface Reading {
  readonly text: string;
  readonly read: Reader;
}

/** One node of a compiled trigger, the same for both dialects: what the index and the explanation walk over. */
export interface Step {
  readonly kind: 'and' | 'or' | 'not' | 'any' | 'all' | 'condition';
  readonly offset: number;
  readonly end: number;
  readonly holds: Predicate;
  readonly children: readonly Step[];
  readonly readings: readonly Reading[];
  readonly keys?: KeyUse;
}

/** Parses a trigger of either dialect into its steps. */
export function buildProgram(text: string, options: TriggerOptions = {}): Step {
  return options.dialect === 'segment'
    ? segmentStep(parseSegment(text))
    : defaultStep(parseTrigger(text).condition, false);
}

function defaultStep(node: Condition, inItem: boolean): Step {
  const place = { offset: node.offset, end: node.end, holds: compileCondition(node) };
  switch (node.kind) {
    case 'and':
    case 'or': {
      const children = node.children.map((child) => defaultStep(child, inItem));
      return { kind: node.kind, ...place, children, readings: [] };
    }
    case 'not':
      return { kind: 'not', ...place, children: [defaultStep(node.child, inItem)], readings: [] };
    case 'any':
    case 'all': {
      const readings = [reading(node.list, inItem)];
      return { kind: node.kind, ...place, children: [defaultStep(node.condition, true)], readings };
    }
    case 'compare':
      return leaf(node, [node.left, node.right], place, inItem);
    case 'in':
      return leaf(node, [node.value, node.list], place, inItem);
    case 'test':
      return leaf(node, [node.operand], place, inItem);
  }
}

function leaf(
  node: Condition,
  operands: readonly Operand[],
  place: Pick<Step, 'offset' | 'end' | 'holds'>,
  inItem: boolean,
): Step {
  const paths = operands.flatMap(pathsOf);
  const readings = operands
    .flatMap((operand): readonly Operand[] =>
      operand.kind === 'call' ? [...pathsOf(operand), operand] : pathsOf(operand),
    )
    .map((operand) => reading(operand, inItem));
  const fields = keyFields(paths);
  const keys = fields && { fields, ...keyTexts(node) };
  return { kind: 'condition', ...place, children: [], readings, ...(keys && { keys }) };
}

function reading(operand: Operand, inItem: boolean): Reading {
  return { text: printOperand(operand, inItem), read: compileOperand(operand) };
}

function pathsOf(operand: Operand): readonly Path[] {
  if (operand.kind === 'path') return [operand];
  return operand.kind === 'call' ? operand.args.flatMap(pathsOf) : [];
}

/** The key fields, when the condition reads nothing else. */
function keyFields(paths: readonly Path[]): readonly KeyField[] | undefined {
  const fields = new Set<KeyField>();
  for (const path of paths) {
    const [name] = path.segments;
    if (path.root !== 'event' || path.segments.length !== 1 || (name !== 'type' && name !== 'event'))
      return undefined;
    fields.add(name);
  }
  return [...fields];
}

const DEPENDS = { texts: [], otherwise: undefined } as const;

function keyTexts(node: Condition): Pick<KeyUse, 'texts' | 'otherwise'> {
  if (node.kind === 'compare' && (node.operator === '=' || node.operator === '!=')) {
    const value = node.left.kind === 'path' ? node.right : node.left;
    const other = node.left.kind === 'path' ? node.left : node.right;
    if (other.kind !== 'path' || value.kind !== 'literal' || typeof value.value !== 'string') return DEPENDS;
    return { texts: [value.value], otherwise: node.operator === '!=' };
  }
  if (node.kind === 'in' && node.value.kind === 'path' && node.list.kind === 'list') {
    const values = node.list.items.map((item) => item.value);
    const texts = values.filter((value) => typeof value === 'string');
    return { texts, otherwise: texts.length === values.length ? false : undefined };
  }
  return DEPENDS;
}

function segmentStep(node: SegmentCondition): Step {
  const place = { offset: node.offset, end: node.end, holds: compileSegment(node) };
  if (node.kind !== 'test') {
    return { kind: node.kind, ...place, children: node.children.map(segmentStep), readings: [] };
  }
  const readings = [{ text: [node.field, ...(node.path ?? [])].join('.'), read: compileSegmentReader(node) }];
  const keys = segmentKeys(node);
  return { kind: 'condition', ...place, children: [], readings, ...(keys && { keys }) };
}

function segmentKeys(node: SegmentTest): KeyUse | undefined {
  if (node.field !== 'type' && node.field !== 'event') return undefined;
  const fields = [node.field];
  if (node.operator !== '=' && node.operator !== '!=') return { fields, ...DEPENDS };
  return { fields, texts: [String(node.value)], otherwise: node.operator === '!=' };
}
