import type { ReactNode } from 'react';
import type { Whole } from '../../editor/config.ts';
import type { Judgement } from '../../editor/judge.ts';
import { Button } from '../../kit/Button.tsx';
import { useTexts } from '../../preferences.ts';
import { TriggerField } from '../../trigger/TriggerField.tsx';
import { Builder } from './Builder.tsx';
import styles from './Mapping.module.css';
import { TruthMark } from './TruthMark.tsx';

/** The trigger as text and as conditions, always in step: the text is the one thing there is. */
export function TriggerTab({
  whole,
  judgement,
  onChange,
}: {
  readonly whole: Whole;
  readonly judgement: Judgement | undefined;
  readonly onChange: (trigger: string) => void;
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
        value={trigger}
        onChange={onChange}
      />
      {broken === undefined ? null : <Broken trigger={trigger} broken={broken} onChange={onChange} />}
      <h2>{t('editor.conditions')}</h2>
      {dialect === 'segment' ? (
        <>
          <p className={styles['muted']}>{t('editor.segment')}</p>
          <ul className={styles['plain']}>
            {truths.map((truth) => (
              <li key={`${truth.offset} ${truth.depth}`} style={{ paddingInlineStart: `${truth.depth}rem` }}>
                <TruthMark truth={truth} total={total} /> <code>{truth.text}</code>
              </li>
            ))}
          </ul>
        </>
      ) : (
        <Builder text={trigger} truths={truths} total={total} onChange={onChange} />
      )}
    </div>
  );
}

/** Where the trigger cannot be read, and what was meant. */
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
  // The answer is a keystroke late at times: a fix for another text must not be offered.
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
