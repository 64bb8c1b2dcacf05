import { useMutation } from '@tanstack/react-query';
import type { Event } from '@waybill/core';
import { type ReactNode, useState } from 'react';
import type { Whole } from '../../editor/config.ts';
import type { Totals } from '../../editor/judge.ts';
import { tryOnce } from '../../editor/use-engine.ts';
import { Button } from '../../kit/Button.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { Select } from '../../kit/Select.tsx';
import { useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';
import styles from './Mapping.module.css';

const COUNTS = ['100', '500', '1000'];

/** Tries the draft on the newest events, and says what would become other than it does now. Nothing is sent. */
export function DryRun({
  whole,
  live,
}: {
  readonly whole: Whole;
  readonly live: Whole | undefined;
}): ReactNode {
  const t = useTexts();
  const client = useClient();
  const [count, setCount] = useState('500');
  const run = useMutation({
    mutationFn: async (): Promise<Totals> => {
      const { events } = await client.get('/api/events', { query: { limit: Number(count) } });
      const { title, fields, trigger, dialect, values } = whole;
      const judgement = await tryOnce(
        { title, fields, trigger, dialect, values, selected: -1, ...(live === undefined ? {} : { live }) },
        events.flatMap(({ event, damage }) => (damage === undefined ? [event as Event] : [])),
      );
      return judgement.totals;
    },
  });
  return (
    <div className={styles['dry']}>
      <div className={styles['line']}>
        <Select
          label={t('editor.dry.over')}
          value={count}
          options={COUNTS.map((one) => [one, one])}
          onChange={setCount}
        />
        <Button disabled={run.isPending} onClick={() => run.mutate()}>
          {t('editor.dry')}
        </Button>
      </div>
      {run.isError ? <Failure error={run.error} /> : null}
      {run.data === undefined ? null : (
        <div role="status">
          <p>
            {t('editor.dry.result', {
              count: run.data.events,
              matched: run.data.matched,
              ready: run.data.ready,
              changed: run.data.changed,
            })}
          </p>
          <ul className={styles['plain']}>
            {Object.entries(run.data.rejected).map(([code, rejected]) => (
              <li key={code}>
                <code>{code}</code>: {rejected}
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}
