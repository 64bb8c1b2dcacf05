import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import type { WholeDeadLetter } from '@waybill/api';
import { type ReactNode, useState } from 'react';
import { Badge } from '../../kit/Badge.tsx';
import { Button } from '../../kit/Button.tsx';
import { ExchangeCard } from '../../kit/Exchange.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { Json, keysOf } from '../../kit/Json.tsx';
import { Loading } from '../../kit/Loading.tsx';
import styles from '../../kit/Sheet.module.css';
import { Time } from '../../kit/Time.tsx';
import { useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';
import { Correct, Verdict } from './Correct.tsx';
import { DismissDialog } from './Dialogs.tsx';
import { filterOfGroup } from './filter.ts';
import { Why } from './Why.tsx';

/** One dead letter: its payload and requests, its problem, and ways to fix it. */
export default function DeadLetterPage(): ReactNode {
  const t = useTexts();
  const client = useClient();
  const { id = '' } = useParams({ strict: false });
  const letter = useQuery({
    queryKey: ['dead-letters', 'one', id],
    queryFn: () => client.get('/api/dead-letters/:id', { params: { id } }),
  });
  return (
    <>
      <p>
        <Link to="/dead-letters">← {t('dead.one.back')}</Link>
      </p>
      <h1>{t('dead.one', { id })}</h1>
      {letter.isPending && <Loading />}
      {letter.isError && <Failure error={letter.error} onRetry={() => void letter.refetch()} />}
      {letter.data !== undefined && <LetterView letter={letter.data} />}
    </>
  );
}

function LetterView({ letter }: { readonly letter: WholeDeadLetter }): ReactNode {
  const t = useTexts();
  const { payload, payloadCut, field, exchanges, event, explanation, id } = letter;
  return (
    <>
      <Reason letter={letter} />
      <div className={styles['columns']}>
        <section aria-label={t('dead.payload')} className={styles['card']}>
          <h2>{t('dead.payload')}</h2>
          {payload === undefined ? (
            <p>{t('dead.payload.none')}</p>
          ) : (
            <Json value={payload} mark={keysOf(field)} />
          )}
          {payloadCut === true && <p className={styles['muted']}>{t('dead.payload.cut')}</p>}
        </section>
        <section aria-label={t('dead.now')} className={styles['card']}>
          <h2>{t('dead.now')}</h2>
          <Verdict explained={explanation} />
        </section>
      </div>
      {event === undefined ? (
        <p>{t('dead.copy.gone')}</p>
      ) : (
        <Correct key={id} letter={letter} event={event} />
      )}
      <section aria-label={t('dead.exchanges')} className={styles['card']}>
        <h2>{t('dead.exchanges')}</h2>
        {exchanges.length === 0 && <p>{t('dead.exchanges.none')}</p>}
        {exchanges.map((one) => (
          <ExchangeCard key={one.id} exchange={one} />
        ))}
      </section>
    </>
  );
}

/** Why it was rejected, what to do, and where else to look. */
function Reason({ letter }: { readonly letter: WholeDeadLetter }): ReactNode {
  const t = useTexts();
  const client = useClient();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [dismisses, setDismisses] = useState(false);
  const { id, destination, mappingId, code, field, message, messageId, at, replayedAt } = letter;
  return (
    <section aria-label={t('dead.reason')} className={styles['card']}>
      <Why code={code} field={field} message={message}>
        <Badge state="rejected" />
        <span>
          {destination} · {mappingId}
        </span>
        <Time at={at} />
      </Why>
      {replayedAt !== undefined && (
        <p>
          {t('dead.one.put')} <Time at={replayedAt} />.{' '}
          <Link to="/dead-letters" search={{ replayedAt }}>
            {t('dead.one.follow')}
          </Link>
        </p>
      )}
      <div className={styles['row']}>
        <Link to="/events/$messageId" params={{ messageId }}>
          {t('dead.event')}
        </Link>
        {mappingId !== '' && (
          <Link
            to="/destinations/$id/mappings/$mapping"
            params={{ id: destination, mapping: mappingId }}
            search={{ sample: messageId }}
          >
            {t('dead.mapping')}
          </Link>
        )}
        <Link to="/dead-letters" search={filterOfGroup(letter)}>
          {t('dead.one.others')}
        </Link>
        <Button onClick={() => setDismisses(true)}>{t('dead.dismiss')}</Button>
      </div>
      {dismisses && (
        <DismissDialog
          count={1}
          dismiss={(body) => client.delete('/api/dead-letters/:id', { params: { id: String(id) }, body })}
          onClose={() => setDismisses(false)}
          onDone={() => {
            void queries.invalidateQueries({ queryKey: ['dead-letters'] });
            void navigate({ to: '/dead-letters' });
          }}
        />
      )}
    </section>
  );
}
