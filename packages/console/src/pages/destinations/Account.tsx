import { useMutation, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Badge } from '../../kit/Badge.tsx';
import { Button } from '../../kit/Button.tsx';
import { Copy } from '../../kit/Copy.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { Time } from '../../kit/Time.tsx';
import { useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';
import styles from './Destination.module.css';

/** The redirect URI, as registered with the application. */
const back = (): string => `${location.origin}/console/connect`;

/** The OAuth account of a destination, and connecting it. */
export function Account({ id }: { readonly id: string }): ReactNode {
  const t = useTexts();
  const client = useClient();
  const account = useQuery({
    queryKey: ['account', id],
    queryFn: () => client.get('/api/destinations/:id/account', { params: { id } }),
  });
  const connect = useMutation({
    mutationFn: () =>
      client.post('/api/destinations/:id/account', { params: { id }, body: { redirectUri: back() } }),
    onSuccess: ({ url }) => location.assign(url),
  });
  const { connected, connectedAt, expiresAt, renews } = account.data ?? {};
  return (
    <section aria-labelledby="account" className={styles['settings']}>
      <h2 id="account">{t('destinations.account')}</h2>
      <p>{t('destinations.account.about')}</p>
      <p>
        {t('destinations.account.redirect')} <Copy text={back()} />
      </p>
      {account.isError ? <Failure error={account.error} onRetry={() => void account.refetch()} /> : null}
      {account.data === undefined ? null : (
        <div className={styles['health']} role="status">
          {connected === true ? (
            <Badge state="delivered">
              {t('destinations.account.connected')} <Time at={connectedAt!} />
            </Badge>
          ) : (
            <Badge state="waiting">{t('destinations.account.none')}</Badge>
          )}
          {expiresAt === undefined ? null : (
            <span>
              {t(renews === true ? 'destinations.account.renews' : 'destinations.account.ends')}{' '}
              <Time at={expiresAt} />
            </span>
          )}
        </div>
      )}
      <p>
        <Button
          look="primary"
          disabled={connect.isPending || connect.isSuccess}
          onClick={() => connect.mutate()}
        >
          {t(connected === true ? 'destinations.account.again' : 'destinations.account.connect')}
        </Button>
      </p>
      {connect.isError ? <Failure error={connect.error} /> : null}
    </section>
  );
}
