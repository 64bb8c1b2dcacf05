import { useMutation } from '@tanstack/react-query';
import type { MappingConfig } from '@waybill/core';
import { type ReactNode, useState } from 'react';
import { Button } from '../../kit/Button.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { Select } from '../../kit/Select.tsx';
import { useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';
import { DryRunRows } from './DryRunRows.tsx';
import styles from './Mapping.module.css';
import type { Place } from './use-editing.ts';

const COUNTS = ['100', '500', '1000'];

/** Tries the draft on the newest events on the server, and shows changed outcomes. Nothing is sent. */
export function DryRun({
  place,
  config,
  onOpen,
}: {
  readonly place: Place;
  readonly config: MappingConfig;
  /** Opens an event. */
  readonly onOpen: (messageId: string) => Promise<void>;
}): ReactNode {
  const t = useTexts();
  const client = useClient();
  const [count, setCount] = useState('500');
  const run = useMutation({
    mutationFn: async () => {
      const sample = { last: Number(count) };
      const body = { mapping: config, sample, against: 'live', brief: true } as const;
      const tried = await client.post('/api/destinations/:id/try', { params: { id: place.id }, body });
      return { tried, config };
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
        <DryRunRows tried={run.data.tried} isOld={run.data.config !== config} onOpen={onOpen} />
      )}
    </div>
  );
}
