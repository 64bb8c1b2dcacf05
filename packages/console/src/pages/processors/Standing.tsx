import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Failure } from '../../kit/Failure.tsx';
import { Loading } from '../../kit/Loading.tsx';
import { Time } from '../../kit/Time.tsx';
import { useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';
import cards from '../../kit/Cards.module.css';
import sheet from '../../kit/Sheet.module.css';
import styles from './Processor.module.css';

/** The polling interval of the status of a processor, in milliseconds. */
const LOOK = 3_000;
/** The number of shown timers. */
const MOST = 20;

/** The progress of a processor, and its next checks. */
export function Standing({
  id,
  onUser,
}: {
  readonly id: string;
  /** Called with the key of a user to look up. */
  readonly onUser: (key: string) => void;
}): ReactNode {
  const t = useTexts();
  const client = useClient();
  const status = useQuery({
    queryKey: ['processors', id, 'status'],
    refetchInterval: LOOK,
    queryFn: () => client.get('/api/processors/:id/status', { params: { id } }),
  });
  const timers = useQuery({
    queryKey: ['processors', id, 'timers'],
    refetchInterval: LOOK,
    queryFn: () => client.get('/api/processors/:id/timers', { params: { id }, query: { limit: MOST } }),
  });
  if (status.isError) return <Failure error={status.error} />;
  if (timers.isError) return <Failure error={timers.error} />;
  if (status.data === undefined || timers.data === undefined) return <Loading />;
  const { working, waiting } = status.data;
  const far = waiting === 0 ? t('processors.upToDate') : t('processors.waiting', { count: waiting });
  return (
    <>
      <p>{working ? far : t('processors.off')}</p>
      <h3 id="timers">{t('processors.timers')}</h3>
      {timers.data.length === 0 ? (
        <p>{t('processors.timers.none')}</p>
      ) : (
        <table aria-labelledby="timers" className={`${sheet['table']} ${cards['cards']}`}>
          <thead>
            <tr>
              <th scope="col">{t('processors.user')}</th>
              <th scope="col">{t('processors.timer')}</th>
              <th scope="col">{t('processors.due')}</th>
            </tr>
          </thead>
          <tbody>
            {timers.data.map(({ user, name, due }) => (
              <tr key={`${user} ${name} ${due}`}>
                <th scope="row">
                  <button type="button" className={styles['user']} onClick={() => onUser(user)}>
                    {user.slice(2)}
                  </button>
                </th>
                <td data-label={t('processors.timer')}>{name}</td>
                <td data-label={t('processors.due')}>
                  <Time at={due} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}
