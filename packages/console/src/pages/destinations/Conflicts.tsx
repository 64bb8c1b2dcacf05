import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import cards from '../../kit/Cards.module.css';
import { Failure } from '../../kit/Failure.tsx';
import sheet from '../../kit/Sheet.module.css';
import { Time } from '../../kit/Time.tsx';
import { useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';
import type { Sender } from './OwnershipRule.tsx';

/** The number of shown conflicts, the newest. */
const SHOWN = 20;

/** Values that were not sent because another owner of the field takes precedence; renders nothing when there are none. */
export function Conflicts({
  id,
  senders,
}: {
  readonly id: string;
  readonly senders: readonly Sender[];
}): ReactNode {
  const t = useTexts();
  const client = useClient();
  const found = useQuery({
    queryKey: ['conflicts', id],
    queryFn: () => client.get('/api/conflicts', { query: { destination: id, limit: SHOWN } }),
  });
  if (found.isError) return <Failure error={found.error} onRetry={() => void found.refetch()} />;
  if (found.data === undefined || found.data.length === 0) return null;
  const called = (source: string): string => senders.find(([one]) => one === source)?.[1] ?? source;
  return (
    <>
      <h3 id="conflicts">{t('ownership.conflicts')}</h3>
      <div className={sheet['scroller']}>
        <table aria-labelledby="conflicts" className={`${sheet['table']} ${cards['cards']}`}>
          <thead>
            <tr>
              <th scope="col">{t('ownership.field')}</th>
              <th scope="col">{t('ownership.conflict.user')}</th>
              <th scope="col">{t('ownership.conflict.from')}</th>
              <th scope="col">{t('ownership.conflict.kept')}</th>
              <th scope="col">{t('ownership.conflict.at')}</th>
            </tr>
          </thead>
          <tbody>
            {found.data.map((one) => (
              <tr key={one.id}>
                <th scope="row">{one.field}</th>
                <td data-label={t('ownership.conflict.user')}>{one.user}</td>
                <td data-label={t('ownership.conflict.from')}>{called(one.sourceId)}</td>
                <td data-label={t('ownership.conflict.kept')}>
                  {one.keptSourceId === undefined
                    ? t(`ownership.owner.${one.rule}`)
                    : called(one.keptSourceId)}
                </td>
                <td data-label={t('ownership.conflict.at')}>
                  <Time at={one.at} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
