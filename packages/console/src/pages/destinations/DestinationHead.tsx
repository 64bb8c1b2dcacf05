import type { AnswerOf, Definition } from '@waybill/api';
import type { Versioned } from '@waybill/api/client';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { Copy } from '../../kit/Copy.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { Loading } from '../../kit/Loading.tsx';
import { Switch } from '../../kit/Switch.tsx';
import { useUndo } from '../../kit/Undo.tsx';
import { useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';
import styles from './Destination.module.css';

/** A destination with its version and product. */
export interface LoadedDestination extends Versioned<AnswerOf<'GET /api/destinations/:id'>> {
  readonly definition: Definition | undefined;
}

/** The header of the pages of a destination: what it is, whether it delivers, and navigation. */
export function DestinationHead({
  id,
  children,
}: {
  readonly id: string;
  readonly children: (loaded: LoadedDestination) => ReactNode;
}): ReactNode {
  const t = useTexts();
  const client = useClient();
  const queries = useQueryClient();
  const undo = useUndo();
  const [failure, setFailure] = useState<unknown>();
  const one = useQuery({
    queryKey: ['destinations', id],
    queryFn: () => client.call('GET /api/destinations/:id', { params: { id } }),
  });
  const definitions = useQuery({ queryKey: ['definitions'], queryFn: () => client.get('/api/definitions') });
  const failed = [one, definitions].find(({ isError }) => isError);
  if (failed !== undefined) {
    return (
      <>
        <h1>{id}</h1>
        <Failure error={failed.error} onRetry={() => void failed.refetch()} />
      </>
    );
  }
  if (one.data === undefined || definitions.data === undefined) return <Loading />;
  const { body } = one.data;
  const definition = definitions.data.find(({ slug }) => slug === body.type);
  const enable = async (enabled: boolean): Promise<void> => {
    // Changes only this member, regardless of concurrent changes.
    await client.patch('/api/destinations/:id', { params: { id }, body: { enabled }, ifMatch: '*' });
    await queries.invalidateQueries({ queryKey: ['destinations'] });
  };
  const onEnable = async (enabled: boolean): Promise<void> => {
    setFailure(undefined);
    try {
      await enable(enabled);
    } catch (error) {
      setFailure(error);
      return;
    }
    if (enabled) return;
    const text = t('state.isOff', { name: body.name ?? id });
    undo({ text, takeBack: () => enable(true) });
  };
  return (
    <>
      <p>
        <Link to="/destinations">← {t('destinations.all')}</Link>
      </p>
      <h1>{body.name ?? id}</h1>
      <div className={styles['head']}>
        <Switch
          label={t('destinations.enabled')}
          checked={body.enabled !== false}
          onChange={(enabled) => void onEnable(enabled)}
        />
        <span>{definition?.name ?? body.type}</span>
        <Copy text={id} />
      </div>
      {failure === undefined ? null : <Failure error={failure} />}
      <nav aria-label={t('destinations.parts')} className={styles['nav']}>
        <Link to="/destinations/$id" params={{ id }} activeOptions={{ exact: true }}>
          {t('destinations.settings')}
        </Link>
        <Link to="/destinations/$id/mappings" params={{ id }}>
          {t('destinations.mappings')}
        </Link>
      </nav>
      {children({ ...one.data, definition })}
    </>
  );
}
