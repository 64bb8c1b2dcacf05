import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Badge } from '../../kit/Badge.tsx';
import { Copy } from '../../kit/Copy.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { Loading } from '../../kit/Loading.tsx';
import { Reason, Remedy } from '../../kit/Remedy.tsx';
import { Time } from '../../kit/Time.tsx';
import { useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';
import sheet from '../../kit/Sheet.module.css';

/** Whether a shop calls its webhook, and its URL. */
export function Webhook({ id }: { readonly id: string }): ReactNode {
  const t = useTexts();
  const client = useClient();
  const webhook = useQuery({
    queryKey: ['webhook', id],
    queryFn: () => client.get('/api/sources/:id/webhook', { params: { id } }),
  });
  if (webhook.isError) return <Failure error={webhook.error} />;
  if (webhook.data === undefined) return <Loading />;
  const { address, at, message, failure } = webhook.data;
  const isNowhere = message?.includes('WAYBILL_PUBLIC_URL') === true;
  return (
    <div className={sheet['card']}>
      {address === undefined ? null : <Copy text={address} />}
      {at === undefined ? null : (
        <p>
          {failure === undefined ? null : <Badge state="rejected">{failure.code}</Badge>}{' '}
          {t('reading.webhook.seen')} <Time at={at} />
        </p>
      )}
      {failure === undefined ? null : (
        <>
          <Reason code={failure.code}>{failure.message}</Reason>
          {failure.remedy === undefined ? null : (
            <p>
              <Remedy code={failure.code}>{failure.remedy}</Remedy>
            </p>
          )}
        </>
      )}
      {isNowhere ? <p>{t('reading.webhook.nowhere')}</p> : null}
      {message === undefined || isNowhere ? null : <p lang="en">{message}</p>}
    </div>
  );
}
