import { compileTrigger, type Event, lintTrigger, TriggerError } from '@waybill/core';
import { type ReactNode, useState } from 'react';
import type { Truth } from '../../editor/judge.ts';
import { Button } from '../../kit/Button.tsx';
import { Dialog } from '../../kit/Dialog.tsx';
import { useTexts } from '../../preferences.ts';
import styles from './Mapping.module.css';
import { TruthMark } from './TruthMark.tsx';

/** A trigger in Segment's dialect: its meaning, differences to Waybill's language, and conversion. */
export function Segment({
  trigger,
  truths,
  events,
  onConvert,
}: {
  readonly trigger: string;
  readonly truths: readonly Truth[];
  readonly events: readonly Event[];
  readonly onConvert: () => void;
}): ReactNode {
  const t = useTexts();
  const [isOpen, setOpen] = useState(false);
  const marks = lintTrigger(trigger);
  return (
    <>
      <p className={styles['muted']}>{t('editor.segment')}</p>
      <ul className={styles['plain']}>
        {truths.map((truth) => (
          <li key={`${truth.offset} ${truth.depth}`} style={{ paddingInlineStart: `${truth.depth}rem` }}>
            <TruthMark truth={truth} total={events.length} /> <code>{truth.text}</code>
          </li>
        ))}
      </ul>
      {marks.length === 0 ? null : (
        <>
          <h3>{t('editor.segment.differs')}</h3>
          <ul>
            {marks.map(({ code, offset, end, message }) => (
              <li key={`${code} ${offset}`}>
                <code>{trigger.slice(offset, end)}</code> {message}
              </li>
            ))}
          </ul>
        </>
      )}
      <div>
        <Button onClick={() => setOpen(true)}>{t('editor.segment.convert')}</Button>
      </div>
      <Dialog
        title={t('editor.segment.convert')}
        open={isOpen}
        onClose={() => setOpen(false)}
        actions={
          <Button
            look="primary"
            onClick={() => {
              setOpen(false);
              onConvert();
            }}
          >
            {t('editor.segment.convert')}
          </Button>
        }
      >
        <p>{t('editor.segment.how')}</p>
        {isOpen ? <p>{comparison(trigger, events, t)}</p> : null}
      </Dialog>
    </>
  );
}

/** The number of events for which the two dialects differ, in words. */
function comparison(trigger: string, events: readonly Event[], t: ReturnType<typeof useTexts>): string {
  try {
    const [theirs, ours] = [compileTrigger(trigger, { dialect: 'segment' }), compileTrigger(trigger)];
    const other = events.filter((event) => theirs(event) !== ours(event)).length;
    return t('editor.segment.compared', { count: other, total: events.length });
  } catch (error) {
    if (!(error instanceof TriggerError)) throw error;
    return t('editor.segment.unreadable', { problem: error.message });
  }
}
