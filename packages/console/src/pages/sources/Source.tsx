import type { Source } from '@waybill/api';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { Copy } from '../../kit/Copy.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { Loading } from '../../kit/Loading.tsx';
import { Switch } from '../../kit/Switch.tsx';
import { useUndo } from '../../kit/Undo.tsx';
import { useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';
import { Tail } from '../events/Tail.tsx';
import { Audience } from './Audience.tsx';
import { Reading } from './Reading.tsx';
import { Refusals } from './Refusals.tsx';
import { Seen } from './Seen.tsx';
import { Settings } from './Settings.tsx';
import { Snippets } from './Snippets.tsx';
import { Violations } from './Violations.tsx';
import { WriteKey } from './WriteKey.tsx';
import sheet from '../../kit/Sheet.module.css';
import styles from './Source.module.css';

/** One source. */
export default function SourcePage(): ReactNode {
  const { id = '' } = useParams({ strict: false }) as { readonly id?: string };
  // Keyed by source: a shown key must not carry over.
  return <One key={id} id={id} />;
}

/** How to send to a source, whether it is enabled, arrivals, and refusals. */
function One({ id }: { readonly id: string }): ReactNode {
  const t = useTexts();
  const client = useClient();
  const queries = useQueryClient();
  const undo = useUndo();
  const [writeKey, setWriteKey] = useState<string>();
  const source = useQuery({
    queryKey: ['sources', id],
    queryFn: () => client.call('GET /api/sources/:id', { params: { id } }),
  });
  const enable = useMutation({
    mutationFn: async (enabled: boolean) => {
      // Read first, so that concurrent changes stay.
      const { body, version } = await client.call('GET /api/sources/:id', { params: { id } });
      const next = { ...body, enabled };
      await client.put('/api/sources/:id', { params: { id }, body: next, ifMatch: version ?? '*' });
      return next;
    },
    onSuccess: ({ name = id, enabled }) => {
      if (enabled) return;
      undo({ text: t('state.isOff', { name }), takeBack: () => enable.mutateAsync(true) });
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['sources'] }),
  });
  if (source.isError) return <Failure error={source.error} onRetry={() => void source.refetch()} />;
  if (source.data === undefined) return <Loading />;
  const { body, version } = source.data;
  const isOn = body.enabled !== false;
  const isRead = body.writeKey === undefined;
  const empty = <p>{t(isRead ? 'sources.seen.notYet' : 'sources.seen.none')}</p>;
  return (
    <>
      <p>
        <Link to="/sources">← {t('sources.all')}</Link>
      </p>
      <h1>{body.name ?? id}</h1>
      <div className={sheet['row']}>
        <Copy text={id} />
        <Switch label={t('sources.enabled')} checked={isOn} onChange={(on) => enable.mutate(on)} />
      </div>
      {isOn ? null : <p>{t('sources.paused.about')}</p>}
      {enable.isError ? <Failure error={enable.error} /> : null}
      {body.type === 'audience' ? <Audience id={id} /> : null}
      {isRead && body.type !== 'audience' ? <Reading id={id} /> : null}
      <div className={sheet['columns']}>
        {isRead ? (
          <section className={sheet['card']}>
            <h2>{t('sources.type')}</h2>
            <Settings source={body} version={version} />
          </section>
        ) : (
          <section className={sheet['card']} aria-labelledby="key">
            <h2 id="key">{t('sources.key')}</h2>
            <WriteKey source={body} version={version} shown={writeKey} onShow={setWriteKey} />
            <h2 className={styles['next']}>{t('sources.send')}</h2>
            <Snippets writeKey={writeKey} />
          </section>
        )}
        <section className={sheet['card']} aria-labelledby="seen">
          <h2 id="seen">{t('sources.seen')}</h2>
          <Seen id={id} empty={empty} />
        </section>
      </div>
      <section>
        <h2>{t('sources.tail')}</h2>
        <Tail search={{ source: id }} label={t('sources.tail')} empty={empty} />
      </section>
      <Plan source={body} />
      <section aria-labelledby="refusals">
        <h2 id="refusals">{t('sources.refusals')}</h2>
        <Refusals id={id} />
      </section>
    </>
  );
}

/** The link to the tracking plan, and violations. */
function Plan({ source }: { readonly source: Source }): ReactNode {
  const t = useTexts();
  const { id, name = id, plan, planOf } = source;
  return (
    <>
      <section aria-labelledby="plan">
        <h2 id="plan">{t('plan.link')}</h2>
        <p>{t('plan.about')}</p>
        <Link to="/sources/$id/plan" params={{ id }}>
          {t('plan.title', { name })}
        </Link>
      </section>
      {plan === undefined && planOf === undefined ? null : <Violations id={id} />}
    </>
  );
}
