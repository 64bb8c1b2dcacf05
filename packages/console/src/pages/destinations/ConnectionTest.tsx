import { ApiError } from '@waybill/api/client';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef } from 'react';
import { Badge } from '../../kit/Badge.tsx';
import { Button } from '../../kit/Button.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';
import styles from './Destination.module.css';
import type { SettingsDraft } from './settings.ts';

/** Tests the settings in a form, saved or not. The result is cleared when they change. */
export function ConnectionTest({
  type,
  settings,
  id,
}: {
  readonly type: string;
  readonly settings: SettingsDraft;
  /** The destination whose secrets are kept. */
  readonly id?: string;
}): ReactNode {
  const t = useTexts();
  const client = useClient();
  const test = useMutation({
    mutationFn: async (tried: SettingsDraft) => {
      const body = { type, settings: tried, ...(id === undefined ? {} : { id }) };
      const found = await client.post('/api/connection-test', { body });
      if (found.ok) return found.message ?? t('destinations.test.ok');
      const { code, message } = found.issue;
      throw new ApiError({ code, message, remedy: found.remedy });
    },
  });
  const isCurrent = test.variables === settings;
  const found = useRef<HTMLDivElement>(null);
  // In a long form the result can be below the visible part.
  useEffect(() => {
    if (test.isSuccess || test.isError) found.current?.scrollIntoView({ block: 'nearest' });
  }, [test.isSuccess, test.isError]);
  return (
    <div className={styles['test']}>
      <div>
        <Button disabled={type === '' || test.isPending} onClick={() => test.mutate(settings)}>
          {t('destinations.test')}
        </Button>
      </div>
      <div role="status">
        {test.isPending ? t('destinations.test.runs') : null}
        {isCurrent && test.isSuccess ? <Badge state="delivered">{test.data}</Badge> : null}
      </div>
      <div ref={found}>{isCurrent && test.isError ? <Failure error={test.error} /> : null}</div>
    </div>
  );
}
