import type { TriggerCompare, TriggerCompareOperator } from '@waybill/core';
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
  /** Takes the text of the trigger after a change; undefined when what was written cannot be read. */
  readonly onText: (text: string | undefined) => boolean;
}

/** A trigger as conditions that can be changed one by one; the text of the others stays to the byte. */
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
  if (tree === undefined) return <p className={styles['muted']}>{t('editor.conditions.frozen')}</p>;
  const onText = (next: string | undefined): boolean => {
    if (next !== undefined && next !== text) onChange(next);
    return next !== undefined;
  };
  return <Node placed={tree.root} shared={{ source: text, truths, total, onText }} />;
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

/** What a condition says by itself. */
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
      return (
        <strong>
          {t(`editor.${node.kind}`, { list: shared.source.slice(node.list.offset, node.list.end) })}
        </strong>
      );
    case 'compare':
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

const OPERATORS: readonly TriggerCompareOperator[] = ['=', '!=', '<', '<=', '>', '>='];

function Compare({
  placed: at,
  node,
  shared,
}: {
  readonly placed: Placed;
  readonly node: TriggerCompare;
  readonly shared: Shared;
}): ReactNode {
  const t = useTexts();
  const { trigger } = placed(shared.source)!;
  const left = shared.source.slice(node.left.offset, node.left.end);
  const right = shared.source.slice(node.right.offset, node.right.end);
  const put = (parts: { left?: string; operator?: string; right?: string }): boolean =>
    shared.onText(
      edits.replace(
        trigger,
        at.way,
        `${parts.left ?? left} ${parts.operator ?? node.operator} ${parts.right ?? right}`,
        at.inItem,
      ),
    );
  return (
    <>
      <Part label={t('editor.left')} text={left} onText={(text) => put({ left: text })} />
      <select
        className={styles['control']}
        aria-label={t('editor.operator')}
        value={node.operator}
        onChange={({ target }) => put({ operator: target.value })}
      >
        {OPERATORS.map((operator) => (
          <option key={operator}>{operator}</option>
        ))}
      </select>
      <Part label={t('editor.right')} text={right} onText={(text) => put({ right: text })} />
    </>
  );
}

/** A piece of the trigger as text: taken over on Enter and when it is left. */
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
  // The same input shows what the text became, so that the focus stays where it is.
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
      {act(t('editor.negate'), '¬', () => edits.negate(trigger, way))}
      {inGroup ? act(t('editor.up'), '↑', () => edits.move(trigger, way, -1), place === 0) : null}
      {inGroup
        ? act(t('editor.down'), '↓', () => edits.move(trigger, way, 1), place === parent.children.length - 1)
        : null}
      {act(t('editor.remove'), '✕', () => edits.remove(trigger, way))}
    </span>
  );
}
