import type { UseMutationResult } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Button } from '../../kit/Button.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { useTexts } from '../../preferences.ts';
import { type SentEvent, sampleEvents } from './demo.ts';
import type { Make } from './use-sending.ts';
import sheet from '../../kit/Sheet.module.css';

/** The button that sends a sample event, and a link to it. */
export function SendSample({
  sending,
}: {
  readonly sending: UseMutationResult<SentEvent, Error, Make>;
}): ReactNode {
  const t = useTexts();
  const { data: sent } = sending;
  return (
    <>
      <div className={sheet['row']}>
        <Button look="primary" disabled={sending.isPending} onClick={() => sending.mutate(sampleEvents)}>
          {t('start.sample')}
        </Button>
        <span role="status">
          {sent === undefined ? null : (
            <Link to="/events/$messageId" params={{ messageId: sent.messageId }}>
              {t('start.sent')}
            </Link>
          )}
        </span>
      </div>
      <p className={sheet['muted']}>{t('start.sample.about')}</p>
      {sending.isError ? <Failure error={sending.error} /> : null}
    </>
  );
}
