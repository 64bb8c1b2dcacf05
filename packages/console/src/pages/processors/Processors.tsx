import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { Badge } from '../../kit/Badge.tsx';
import { Button } from '../../kit/Button.tsx';
import { Empty } from '../../kit/Empty.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { Loading } from '../../kit/Loading.tsx';
import { useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';
import { CreateProcessor } from './CreateProcessor.tsx';
import styles from '../../kit/List.module.css';
import own from './Processor.module.css';

/** The processors in their order, and adding one. */
export default function Processors(): ReactNode {
  const t = useTexts();
  const client = useClient();
  const [creating, setCreating] = useState(false);
  const all = useQuery({ queryKey: ['processors'], queryFn: () => client.get('/api/processors') });
  const types = useQuery({
    queryKey: ['processor-types'],
    queryFn: () => client.get('/api/processor-types'),
  });
  if (all.isError) return <Failure error={all.error} onRetry={() => void all.refetch()} />;
  if (all.data === undefined) return <Loading />;
  const create = (
    <Button look="primary" onClick={() => setCreating(true)}>
      {t('processors.create')}
    </Button>
  );
  return (
    <>
      <div className={styles['top']}>
        <h1>{t('processors.title')}</h1>
        {all.data.length === 0 ? null : create}
      </div>
      {all.data.length === 0 ? (
        <Empty title={t('processors.none')}>{create}</Empty>
      ) : (
        <ul className={styles['list']} aria-label={t('processors.title')}>
          {all.data.map(({ id, name, type, enabled = true }) => (
            <li key={id} className={own['row']}>
              <Link to="/processors/$id" params={{ id }}>
                <strong>{name ?? id}</strong>
              </Link>
              <code>{id}</code>
              <span>{types.data?.find(({ slug }) => slug === type)?.name ?? type}</span>
              <Badge state={enabled ? 'delivered' : 'skipped'}>{t(enabled ? 'state.on' : 'state.off')}</Badge>
            </li>
          ))}
        </ul>
      )}
      {creating ? <CreateProcessor onClose={() => setCreating(false)} /> : null}
    </>
  );
}
