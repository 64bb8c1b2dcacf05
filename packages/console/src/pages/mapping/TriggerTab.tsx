import type { Event, KnownPath, TriggerDialect } from '@waybill/core';
import type { ReactNode } from 'react';
import type { Whole } from '../../editor/config.ts';
import type { Judgement } from '../../editor/judge.ts';
import { Button } from '../../kit/Button.tsx';
import { useTexts } from '../../preferences.ts';
import { TriggerField } from '../../trigger/TriggerField.tsx';
import { Builder } from './Builder.tsx';
import styles from './Mapping.module.css';
import { Segment } from './Segment.tsx';

const NONE: readonly Event[] = [];

/** The trigger as text and as conditions, both derived from the text. */
export function TriggerTab({
  whole,
  judgement,
  known,
  events = NONE,
  onChange,
  onReset,
}: {
  readonly whole: Whole;
  readonly judgement: Judgement | undefined;
  /** Paths of events, for completion. */
  readonly known?: readonly KnownPath[];
  /** Events to compare the two dialects with. */
  readonly events?: readonly Event[];
  readonly onChange: (trigger: string, dialect?: TriggerDialect) => void;
  /** Restores the trigger of the preset; undefined while it is unchanged. */
  readonly onReset?: (() => void) | undefined;
}): ReactNode {
  const t = useTexts();
  const { trigger, dialect } = whole;
  const broken = judgement?.broken;
  const truths = judgement?.truths ?? [];
  const total = judgement?.totals.events ?? 0;
  return (
    <div className={styles['stack']}>
      <TriggerField
        label={t('editor.trigger')}
        hint={t('editor.trigger.hint')}
        problem={broken?.message}
        rows={5}
        {...(known === undefined ? {} : { known })}
        completes={dialect === 'waybill'}
        value={trigger}
        onChange={onChange}
      />
      {broken === undefined ? null : <Broken trigger={trigger} broken={broken} onChange={onChange} />}
      {onReset === undefined ? null : (
        <div className={styles['line']}>
          <span className={styles['muted']}>{t('editor.changed')}</span>
          <Button look="quiet" onClick={onReset}>
            {t('editor.reset')}
          </Button>
        </div>
      )}
      <h2>{t('editor.conditions')}</h2>
      {dialect === 'segment' ? (
        <Segment
          trigger={trigger}
          truths={truths}
          events={events}
          onConvert={() => onChange(trigger, 'waybill')}
        />
      ) : (
        <Builder text={trigger} truths={truths} total={total} onChange={onChange} />
      )}
    </div>
  );
}

/** The syntax error of the trigger, and a fix. */
function Broken({
  trigger,
  broken,
  onChange,
}: {
  readonly trigger: string;
  readonly broken: NonNullable<Judgement['broken']>;
  readonly onChange: (trigger: string) => void;
}): ReactNode {
  const t = useTexts();
  const { offset, code } = broken;
  // The answer can be a keystroke late: a fix for an older text must not be offered.
  const fix = broken.fix !== undefined && broken.fix.end <= trigger.length ? broken.fix : undefined;
  const before = trigger.slice(0, offset);
  const start = before.lastIndexOf('\n') + 1;
  const rest = trigger.slice(offset).split('\n', 1)[0]!;
  return (
    <div className={styles['broken']}>
      <p>
        {t('editor.trigger.at', { line: before.split('\n').length, column: offset - start + 1 })} ·{' '}
        <code>{code}</code>
      </p>
      <pre className={styles['picture']}>
        {trigger.slice(start, offset)}
        <mark>{rest.slice(0, 1) === '' ? ' ' : rest.slice(0, 1)}</mark>
        {rest.slice(1)}
      </pre>
      {fix === undefined ? null : (
        <Button onClick={() => onChange(trigger.slice(0, fix.offset) + fix.text + trigger.slice(fix.end))}>
          {t('editor.trigger.fix', { text: fix.text })}
        </Button>
      )}
    </div>
  );
}
