import { useMutation } from '@tanstack/react-query';
import type { SentTest } from '@waybill/api';
import { errorEntry, type MappingConfig } from '@waybill/core';
import { type ReactNode, useState } from 'react';
import { Badge } from '../../kit/Badge.tsx';
import { Button } from '../../kit/Button.tsx';
import { Dialog } from '../../kit/Dialog.tsx';
import { ExchangeCard } from '../../kit/Exchange.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { Reason, Remedy } from '../../kit/Remedy.tsx';
import { useTexts } from '../../preferences.ts';
import { useClient, useSession } from '../../session.tsx';
import styles from './Mapping.module.css';
import type { Place } from './use-editing.ts';
import type { Samples } from './use-samples.ts';
import type { ServerTry } from './use-try.ts';

/** Sends the sample event by the mapping as it is written, once, after asking. */
export function SendTest({
  place,
  config,
  samples: { event },
  server: { tried },
}: {
  readonly place: Place;
  readonly config: MappingConfig;
  readonly samples: Samples;
  readonly server: ServerTry;
}): ReactNode {
  const t = useTexts();
  const client = useClient();
  const { role } = useSession();
  const [isOpen, setOpen] = useState(false);
  const send = useMutation({
    mutationFn: () =>
      client.post('/api/destinations/:id/send-test', {
        params: { id: place.id },
        body: { mapping: config, event: { ...event } },
      }),
  });
  const isReady = tried?.requests !== undefined && tried.outcome === undefined;
  const isAllowed = role === 'send' || role === 'admin';
  const reason = isAllowed ? (isReady ? undefined : t('try.send.not')) : t('try.send.role');
  return (
    <>
      <div className={styles['line']}>
        <Button
          disabled={reason !== undefined}
          title={reason}
          onClick={() => {
            send.reset();
            setOpen(true);
          }}
        >
          {t('try.send')}
        </Button>
        {reason === undefined ? null : <span className={styles['muted']}>{reason}</span>}
      </div>
      <Dialog
        title={t('try.send')}
        open={isOpen}
        onClose={() => setOpen(false)}
        actions={
          <Button look="danger" disabled={send.isPending || send.isSuccess} onClick={() => send.mutate()}>
            {t('try.send')}
          </Button>
        }
      >
        <p>{t('try.send.how', { destination: place.id, user: event?.userId ?? event?.anonymousId ?? '' })}</p>
        <p className={styles['muted']}>{t('try.send.trace')}</p>
        <div aria-live="polite">
          {send.isPending ? <p>{t('try.send.waits')}</p> : null}
          {send.isError ? <Failure error={send.error} /> : null}
          {send.data === undefined ? null : <Answer sent={send.data} />}
        </div>
      </Dialog>
    </>
  );
}

function Answer({ sent: { outcome, exchanges } }: { readonly sent: SentTest }): ReactNode {
  const t = useTexts();
  const state = outcome.status === 'retry' ? 'waiting' : outcome.status;
  return (
    <>
      <p>
        <Badge state={state}>{outcome.status === 'retry' ? t('try.retry') : undefined}</Badge>
      </p>
      {outcome.status === 'delivered' ? (
        outcome.note === undefined ? null : (
          <p>{outcome.note}</p>
        )
      ) : (
        <>
          <Reason code={outcome.code} className={styles['problem']}>
            {outcome.message} <code>{outcome.code}</code>
          </Reason>
          <p className={styles['muted']}>
            {outcome.status === 'retry' ? (
              t('try.send.again')
            ) : (
              <Remedy code={outcome.code}>{errorEntry(outcome.code)?.remedy}</Remedy>
            )}
          </p>
        </>
      )}
      {exchanges.map((exchange) => (
        <ExchangeCard key={exchange.id} exchange={exchange} />
      ))}
    </>
  );
}
