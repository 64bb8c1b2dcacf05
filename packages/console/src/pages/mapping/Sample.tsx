import type { Shape } from '@waybill/api';
import type { Event } from '@waybill/core';
import { type ReactNode, useMemo } from 'react';
import { elsewhereOf } from '../../editor/elsewhere.ts';
import { Empty } from '../../kit/Empty.tsx';
import { Select } from '../../kit/Select.tsx';
import { useTexts } from '../../preferences.ts';
import { ChooseSample } from './ChooseSample.tsx';
import { EventTree, Marked } from './EventTree.tsx';
import styles from './Mapping.module.css';
import { Paste } from './Paste.tsx';
import type { Samples } from './use-samples.ts';

type Keys = readonly (string | number)[];

/** The sample event. Its values can be picked by click, drag and keyboard. */
export function Sample({
  samples,
  armed,
  shapes,
  marked,
  onPick,
}: {
  readonly samples: Samples;
  /** The label of the target of the next picked value. */
  readonly armed: string | undefined;
  /** The shapes of events, to show members of others of the same name. */
  readonly shapes: readonly Shape[];
  /** The source paths of a value of the payload. */
  readonly marked: readonly string[];
  readonly onPick: (keys: Keys) => void;
}): ReactNode {
  const t = useTexts();
  const { events, event } = samples;
  const elsewhere = useMemo(
    () => (event === undefined ? undefined : elsewhereOf(shapes, event)),
    [shapes, event],
  );
  return (
    <section
      role="region"
      aria-label={t('editor.sample')}
      className={`${styles['pane']} ${styles['sample']}`}
    >
      <h2>{t('editor.sample')}</h2>
      {event === undefined ? (
        <Empty title={t('editor.sample.none')}>{t('editor.sample.none.how')}</Empty>
      ) : (
        <>
          <Select
            label={t('editor.sample.choose')}
            value={event.messageId}
            options={events.map((one) => [one.messageId, nameOf(one)])}
            onChange={samples.select}
          />
          {armed === undefined ? null : <p role="status">{t('editor.picking', { field: armed })}</p>}
          <Marked value={new Set(marked)}>
            <EventTree
              value={event}
              keys={[]}
              isArmed={armed !== undefined}
              elsewhere={elsewhere}
              onPick={onPick}
            />
          </Marked>
        </>
      )}
      <ChooseSample samples={samples} />
      <Paste onPaste={samples.paste} />
    </section>
  );
}

function nameOf(event: Event): string {
  const user = event.userId ?? event.anonymousId ?? '';
  return [event.type, event.event ?? event['name'], user, event.timestamp]
    .filter((part) => typeof part === 'string' && part !== '')
    .join(' · ');
}
