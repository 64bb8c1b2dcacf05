import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { Copy } from '../../kit/Copy.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { Loading } from '../../kit/Loading.tsx';
import { Switch } from '../../kit/Switch.tsx';
import { useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';
import { LookUp, type Wanted, wantedOf } from './LookUp.tsx';
import { Recompute } from './Recompute.tsx';
import { Remove } from './Remove.tsx';
import { Settings } from './Settings.tsx';
import { Standing } from './Standing.tsx';
import sheet from '../../kit/Sheet.module.css';

/** One processor. */
export default function ProcessorPage(): ReactNode {
  const { id = '' } = useParams({ strict: false }) as { readonly id?: string };
  return <One key={id} id={id} />;
}

/** Its settings, status, states of users, and recomputation. */
function One({ id }: { readonly id: string }): ReactNode {
  const t = useTexts();
  const client = useClient();
  const queries = useQueryClient();
  const [wanted, setWanted] = useState<Wanted>();
  const processor = useQuery({
    queryKey: ['processors', id],
    queryFn: () => client.call('GET /api/processors/:id', { params: { id } }),
  });
  const enable = useMutation({
    async mutationFn(enabled: boolean) {
      // Read first, so that concurrent changes stay.
      const { body, version } = await client.call('GET /api/processors/:id', { params: { id } });
      const next = { ...body, enabled };
      return client.put('/api/processors/:id', { params: { id }, body: next, ifMatch: version ?? '*' });
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['processors'] }),
  });
  if (processor.isError) return <Failure error={processor.error} onRetry={() => void processor.refetch()} />;
  if (processor.data === undefined) return <Loading />;
  const { body, version } = processor.data;
  const isOn = body.enabled !== false;
  return (
    <>
      <p>
        <Link to="/processors">← {t('processors.all')}</Link>
      </p>
      <h1>{body.name ?? id}</h1>
      <div className={sheet['row']}>
        <Copy text={id} />
        <Switch label={t('processors.enabled')} checked={isOn} onChange={(on) => enable.mutate(on)} />
      </div>
      {enable.isError ? <Failure error={enable.error} /> : null}
      <div className={sheet['columns']}>
        <section className={sheet['card']} aria-labelledby="settings">
          <h2 id="settings">{t('nav.settings')}</h2>
          <Settings processor={body} version={version} />
        </section>
        <section className={sheet['card']} aria-labelledby="status">
          <h2 id="status">{t('processors.status')}</h2>
          <Standing id={id} onUser={(key) => setWanted(wantedOf(key))} />
        </section>
        <section className={sheet['card']} aria-labelledby="look-up">
          <h2 id="look-up">{t('processors.lookUp')}</h2>
          <LookUp key={wanted?.value} id={id} wanted={wanted} onWant={setWanted} />
        </section>
        {isOn ? (
          <section className={sheet['card']} aria-labelledby="recompute">
            <h2 id="recompute">{t('processors.recompute')}</h2>
            <Recompute id={id} />
          </section>
        ) : null}
      </div>
      <Remove id={id} version={version} />
    </>
  );
}
