import type { TriedEvent } from '@waybill/api';
import type { ReactNode } from 'react';
import { ExchangeCard } from '../../kit/Exchange.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { Loading } from '../../kit/Loading.tsx';
import { useTexts } from '../../preferences.ts';
import { Identified } from './Identified.tsx';
import styles from './Mapping.module.css';
import type { ServerTry } from './use-try.ts';

/** The server's answer for the sample event; dimmed while the next one is loading. */
export function Served({
  server: { tried, isOld, error },
  show,
}: {
  readonly server: ServerTry;
  readonly show: (tried: TriedEvent) => ReactNode;
}): ReactNode {
  if (error !== undefined) return <Failure error={error} />;
  if (tried === undefined) return <Loading />;
  return (
    <div aria-busy={isOld} className={isOld ? styles['old'] : undefined}>
      {show(tried)}
    </div>
  );
}

/** The user at the destination, and the requests for the item. None is sent. */
export function Outgoing({ tried }: { readonly tried: TriedEvent }): ReactNode {
  const t = useTexts();
  return (
    <>
      {tried.identity === undefined ? null : (
        <>
          <h3>{t('try.identity')}</h3>
          <Identified identity={tried.identity} />
        </>
      )}
      <Requests tried={tried} />
    </>
  );
}

function Requests({ tried: { requests, outcome } }: { readonly tried: TriedEvent }): ReactNode {
  const t = useTexts();
  if (requests === undefined || requests.length === 0) {
    const reason = outcome === undefined || outcome.status === 'delivered' ? '' : outcome.message;
    return <p>{t('try.requests.none', { reason })}</p>;
  }
  return (
    <>
      <p className={styles['muted']}>{t(requests.length === 1 ? 'try.requests.one' : 'try.requests.more')}</p>
      {requests.map((request, at) => (
        <ExchangeCard key={at} exchange={{ request }} />
      ))}
    </>
  );
}
