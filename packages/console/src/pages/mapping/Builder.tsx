import type { TriggerCompareOperator, TriggerCondition } from '@waybill/core';
import { type ReactNode, useState } from 'react';
import { edits, type Placed, placed } from '../../editor/builder.ts';
import type { Truth } from '../../editor/judge.ts';
import { Button } from '../../kit/Button.tsx';
import { useTexts } from '../../preferences.ts';
import styles from './Mapping.module.css';
import { TruthMark } from './TruthMark.tsx';

interface Shared {
  readonly source: string;
  readonly truths: readonly Truth[];
  readonly total: number;
  /** Called with the text of the trigger after a change; undefined when it cannot be parsed. */
  readonly onText: (text: string | undefined) => boolean;
}

/** A trigger as separately editable conditions; the text of the others is unchanged. */
export function Builder({
  text,
  truths,
  total,
  onChange,
}: {
  readonly text: string;
  readonly truths: readonly Truth[];
  readonly total: number;
  readonly onChange: (text: string) => void;
}): ReactNode {
  const t = useTexts();
  const tree = placed(text);
  const [readable, setReadable] = useState(text);
  if (tree !== undefined && readable !== text) setReadable(text);
  const frozen =
    tree === undefined ? <p className={styles['muted']}>{t('editor.conditions.frozen')}</p> : null;
  const source = tree === undefined ? readable : text;
  const shown = tree ?? placed(source);
  if (shown === undefined) return frozen;
  const onText = (next: string | undefined): boolean => {
    if (next !== undefined && next !== text) onChange(next);
    return next !== undefined;
  };
  return (
    <>
      {frozen}
      <fieldset
        disabled={tree === undefined}
        aria-label={t('editor.conditions')}
        className={styles['conditions']}
      >
        <Node placed={shown.root} shared={{ source, truths, total, onText }} />
      </fieldset>
    </>
  );
}

function Node({ placed: at, shared }: { readonly placed: Placed; readonly shared: Shared }): ReactNode {
  const { node } = at;
  const truth = shared.truths.find(
    (one) =>
      one.offset === node.offset &&
      one.end === node.end &&
      (one.kind === node.kind || one.kind === 'condition') &&
      (one.kind !== 'condition' || at.children.length === 0),
  );
  return (
    <div className={styles['node']}>
      <div className={styles['line']}>
        {truth === undefined ? null : <TruthMark truth={truth} total={shared.total} />}
        <Head placed={at} shared={shared} />
        <Actions placed={at} shared={shared} />
      </div>
      {at.children.length === 0 ? null : (
        <div className={styles['below']}>
          {at.children.map((child) => (
            <Node key={child.way.join('.')} placed={child} shared={shared} />
          ))}
        </div>
      )}
    </div>
  );
}

/** The head of a condition. */
function Head({ placed: at, shared }: { readonly placed: Placed; readonly shared: Shared }): ReactNode {
  const t = useTexts();
  const { node, way } = at;
  const { trigger } = placed(shared.source)!;
  switch (node.kind) {
    case 'and':
    case 'or':
      return (
        <select
          className={styles['control']}
          aria-label={t('editor.join')}
          value={node.kind}
          onChange={() => shared.onText(edits.turn(trigger, way))}
        >
          <option value="and">{t('editor.and')}</option>
          <option value="or">{t('editor.or')}</option>
        </select>
      );
    case 'not':
      return <strong>{t('editor.not')}</strong>;
    case 'any':
    case 'all':
      return <Quantified placed={at} node={node} shared={shared} />;
    case 'compare':
    case 'in':
      return <Compare placed={at} node={node} shared={shared} />;
    default:
      return (
        <Part
          label={t('editor.condition')}
          text={shared.source.slice(node.offset, node.end)}
          onText={(text) => shared.onText(edits.replace(trigger, way, text, at.inItem))}
        />
      );
  }
}

type Operator = TriggerCompareOperator | 'in';
const OPERATORS: readonly Operator[] = ['=', '!=', '<', '<=', '>', '>=', 'in'];

function Compare({
  placed: at,
  node,
  shared,
}: {
  readonly placed: Placed;
  readonly node: Extract<TriggerCondition, { readonly kind: 'compare' | 'in' }>;
  readonly shared: Shared;
}): ReactNode {
  const t = useTexts();
  const { trigger } = placed(shared.source)!;
  const textOf = ({ offset, end }: { readonly offset: number; readonly end: number }): string =>
    shared.source.slice(offset, end);
  const [one, other] = node.kind === 'in' ? [node.value, node.list] : [node.left, node.right];
  const now = {
    left: textOf(one),
    operator: node.kind === 'in' ? 'in' : node.operator,
    right: textOf(other),
  };
  const put = (parts: Partial<typeof now>): boolean => {
    const { left, operator, right } = { ...now, ...parts };
    return shared.onText(edits.replace(trigger, at.way, `${left} ${operator} ${right}`, at.inItem));
  };
  /** Switching from a list keeps its first item. */
  const turn = (operator: string): boolean => {
    if (operator === 'in' && node.kind === 'compare') return put({ operator, right: `[${now.right}]` });
    if (operator === 'in' || node.kind === 'compare') return put({ operator });
    const first = node.list.kind === 'list' ? node.list.items[0] : undefined;
    return put({ operator, right: first === undefined ? 'null' : textOf(first) });
  };
  return (
    <>
      <Part label={t('editor.left')} text={now.left} onText={(left) => put({ left })} />
      <select
        className={styles['control']}
        aria-label={t('editor.operator')}
        value={now.operator}
        onChange={({ target }) => turn(target.value)}
      >
        {OPERATORS.map((operator) => (
          <option key={operator}>{operator}</option>
        ))}
      </select>
      <Part label={t('editor.right')} text={now.right} onText={(right) => put({ right })} />
    </>
  );
}

/** The quantifier of a condition, and its list. */
function Quantified({
  placed: at,
  node,
  shared,
}: {
  readonly placed: Placed;
  readonly node: Extract<TriggerCondition, { readonly kind: 'any' | 'all' }>;
  readonly shared: Shared;
}): ReactNode {
  const t = useTexts();
  const { trigger } = placed(shared.source)!;
  const list = shared.source.slice(node.list.offset, node.list.end);
  const put = (kind: 'any' | 'all', text: string): boolean =>
    shared.onText(edits.quantify(trigger, at.way, kind, text, at.inItem));
  return (
    <>
      <select
        className={styles['control']}
        aria-label={t('editor.items')}
        value={node.kind}
        onChange={({ target }) => put(target.value === 'all' ? 'all' : 'any', list)}
      >
        <option value="any">{t('editor.any')}</option>
        <option value="all">{t('editor.all')}</option>
      </select>
      <Part label={t('editor.list')} text={list} onText={(next) => put(node.kind, next)} />
    </>
  );
}

/** A part of the trigger as text: applied on Enter and blur. */
function Part({
  label,
  text,
  onText,
}: {
  readonly label: string;
  readonly text: string;
  readonly onText: (text: string) => boolean;
}): ReactNode {
  const t = useTexts();
  const [written, setWritten] = useState(text);
  const [shown, setShown] = useState(text);
  const [isBroken, setBroken] = useState(false);
  // The same input shows the new text, so that the focus stays.
  if (shown !== text) {
    setShown(text);
    setWritten(text);
    setBroken(false);
  }
  const take = (): void => {
    if (written !== text) setBroken(!onText(written));
  };
  return (
    <span className={styles['part']}>
      <input
        className={styles['control']}
        aria-label={label}
        aria-invalid={isBroken}
        value={written}
        size={Math.min(Math.max(written.length, 8), 40)}
        spellCheck={false}
        onChange={({ target }) => {
          setWritten(target.value);
          setBroken(false);
        }}
        onBlur={take}
        onKeyDown={({ key }) => {
          if (key === 'Enter') take();
          if (key === 'Escape') setWritten(text);
        }}
      />
      {isBroken ? <span className={styles['problem']}>{t('editor.unreadable')}</span> : null}
    </span>
  );
}

function Actions({ placed: at, shared }: { readonly placed: Placed; readonly shared: Shared }): ReactNode {
  const t = useTexts();
  const { way, node, inItem } = at;
  const { trigger, root } = placed(shared.source)!;
  const parent = way.slice(0, -1).reduce((one, step) => one.children[step]!, root);
  const inGroup = way.length > 0 && (parent.node.kind === 'and' || parent.node.kind === 'or');
  const place = way.at(-1) ?? 0;
  const fresh = inItem ? '@ != null' : 'type = "track"';
  const kind = node.kind === 'or' ? 'or' : 'and';
  const act = (label: string, sign: string, text: () => string | undefined, disabled = false): ReactNode => (
    <Button
      look="quiet"
      aria-label={label}
      title={label}
      disabled={disabled}
      onClick={() => shared.onText(text())}
    >
      {sign}
    </Button>
  );
  return (
    <span className={styles['actions']}>
      {act(t('editor.add'), '+', () => edits.add(trigger, way, kind, fresh, inItem))}
      {node.kind === 'or'
        ? null
        : act(t('editor.add.or'), '∨', () => edits.add(trigger, way, 'or', fresh, inItem))}
      {inItem
        ? null
        : act(t('editor.add.items'), '∃', () =>
            edits.add(trigger, way, kind, 'any(properties.products, @ != null)', inItem),
          )}
      {act(t('editor.negate'), '¬', () => edits.negate(trigger, way))}
      {inGroup ? act(t('editor.up'), '↑', () => edits.move(trigger, way, -1), place === 0) : null}
      {inGroup
        ? act(t('editor.down'), '↓', () => edits.move(trigger, way, 1), place === parent.children.length - 1)
        : null}
      {act(t('editor.remove'), '✕', () => edits.remove(trigger, way))}
    </span>
  );
}
