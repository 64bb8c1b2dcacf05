import type { UseMutationResult } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { Button } from '../../kit/Button.tsx';
import { Dialog } from '../../kit/Dialog.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { useTexts } from '../../preferences.ts';
import { demoDay, type SentEvent } from './demo.ts';
import type { Make } from './use-sending.ts';
import sheet from '../../kit/Sheet.module.css';

/** Offers a generated day of events, and explains where they go. */
export function DemoData({
  sending,
  destinations,
}: {
  readonly sending: UseMutationResult<SentEvent, Error, Make>;
  readonly destinations: readonly string[];
}): ReactNode {
  const t = useTexts();
  const [asking, setAsking] = useState(false);
  const send = (): void => {
    setAsking(false);
    sending.mutate((run) => demoDay(run, Date.now()));
  };
  return (
    <section className={sheet['card']} aria-labelledby="demo">
      <h2 id="demo">{t('start.demo')}</h2>
      <p>{t('start.demo.about')}</p>
      <div className={sheet['row']}>
        <Button
          disabled={sending.isPending}
          onClick={destinations.length === 0 ? send : () => setAsking(true)}
        >
          {t('start.demo.send')}
        </Button>
        <span role="status">
          {sending.isSuccess ? <Link to="/events">{t('start.demo.sent')}</Link> : null}
        </span>
      </div>
      {sending.isError ? <Failure error={sending.error} /> : null}
      {asking ? (
        <Dialog
          title={t('start.demo')}
          open
          onClose={() => setAsking(false)}
          actions={
            <Button look="primary" onClick={send}>
              {t('start.demo.send')}
            </Button>
          }
        >
          <p>{t('start.demo.where', { destinations: destinations.join(', ') })}</p>
        </Dialog>
      ) : null}
    </section>
  );
}
