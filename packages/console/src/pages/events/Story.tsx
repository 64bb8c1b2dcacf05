import type { FoundEvent, Story } from '@waybill/api';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { type ReactElement, useState } from 'react';
import { useClient } from '../../session.tsx';
import { useTexts } from '../../preferences.ts';
import { randomText } from '../../random.ts';
import { Button } from '../../kit/Button.tsx';
import { Copy } from '../../kit/Copy.tsx';
import { Empty } from '../../kit/Empty.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { Json } from '../../kit/Json.tsx';
import { Time } from '../../kit/Time.tsx';
import { curlOf } from './curl.ts';
import { Explained } from './Explained.tsx';
import { StepCard } from './Steps.tsx';
import styles from './Story.module.css';

/** One event: its content, its outcomes with reasons, and other events of its user. */
export default function StoryPage(): ReactElement {
  const t = useTexts();
  const client = useClient();
  const { messageId: id = '' } = useParams({ strict: false });
  const { data, error } = useQuery({
    queryKey: ['event', id],
    queryFn: () => client.get('/api/events/:id', { params: { id } }),
    // Outcomes arrive shortly after the event.
    refetchInterval: (query) => (isSettled(query.state.data) ? false : 2_000),
  });
  return (
    <>
      <p>
        <Link to="/events">← {t('story.back')}</Link>
      </p>
      {error !== null && (
        <>
          <h1>{t('story.title')}</h1>
          <Failure error={error} />
        </>
      )}
      {data !== undefined && <StoryView story={data} />}
      {data?.others !== undefined && (
        <>
          <h2>{t('story.others')}</h2>
          {data.others.map((one) => (
            <StoryView key={one.seq} story={one} />
          ))}
        </>
      )}
    </>
  );
}

function isSettled(story: Story | undefined): boolean {
  return (
    story !== undefined && story.steps.length > 0 && story.steps.every(({ status }) => status !== 'waiting')
  );
}

function StoryView({ story }: { readonly story: Omit<Story, 'others'> }): ReactElement {
  const t = useTexts();
  const client = useClient();
  const { event, seq, sourceId, steps } = story;
  const [explained, setExplained] = useState(false);
  const destinations = useQuery({
    queryKey: ['destinations'],
    queryFn: () => client.get('/api/destinations'),
  });
  const [freshId] = useState(randomText);
  return (
    <>
      <header className={styles['head']}>
        <h1>{event.event ?? event.name ?? event.type}</h1>
        <p className={styles['stepHead']}>
          <span>{event.type}</span>
          <span>
            {t('story.received')} <Time at={Date.parse(event.receivedAt)} />
          </span>
          <span>
            {t('story.from')}{' '}
            <Link to="/sources/$id" params={{ id: sourceId }}>
              {sourceId}
            </Link>
          </span>
          <span className={styles['quiet']}>{t('story.at', { seq })}</span>
          <Copy text={event.messageId} />
        </p>
      </header>
      <section aria-labelledby={`timeline-${seq}`}>
        <h2 id={`timeline-${seq}`}>{t('story.timeline')}</h2>
        {steps.length === 0 ? (
          <Empty title={t('story.noSteps')}>{t('story.noSteps.hint')}</Empty>
        ) : (
          <ol className={styles['steps']}>
            {steps.map((step) => (
              <StepCard key={`${step.destination} ${step.mappingId}`} step={step} />
            ))}
          </ol>
        )}
      </section>
      <section aria-labelledby={`why-${seq}`}>
        <h2 id={`why-${seq}`}>{t('story.why.title')}</h2>
        {explained ? (
          <Explained event={event} destinations={(destinations.data ?? []).map(({ id }) => id)} />
        ) : (
          <Button onClick={() => setExplained(true)}>{t('story.why')}</Button>
        )}
      </section>
      <section aria-labelledby={`event-${seq}`}>
        <h2 id={`event-${seq}`}>{t('story.event')}</h2>
        <div className={styles['stepHead']}>
          <Copy text={JSON.stringify(event, null, 2)} shown="JSON" />
          <Copy text={curlOf(event, location.origin, freshId)} shown="curl" />
        </div>
        <Json value={event} />
      </section>
      <Neighbours event={event} seq={seq} />
    </>
  );
}

const NEIGHBOURS = 5;

/** Events of the same user around this one. */
function Neighbours({ event, seq }: Pick<Story, 'event' | 'seq'>): ReactElement {
  const t = useTexts();
  const client = useClient();
  const user = event.userId === undefined ? `a:${event.anonymousId ?? ''}` : `u:${event.userId}`;
  const { data, error } = useQuery({
    queryKey: ['neighbours', user, seq],
    queryFn: async () => {
      const query = { user, limit: NEIGHBOURS };
      const before = await client.get('/api/events', { query: { ...query, before: seq } });
      const after = await client.get('/api/events', { query: { ...query, after: seq } });
      return [...before.events.toReversed(), ...after.events];
    },
    enabled: user !== 'a:',
  });
  return (
    <section aria-labelledby={`neighbours-${seq}`}>
      <h2 id={`neighbours-${seq}`}>{t('story.neighbours')}</h2>
      {error !== null && <Failure error={error} />}
      {data?.length === 0 && <p className={styles['quiet']}>{t('story.neighbours.none')}</p>}
      <ul className={styles['neighbours']}>
        {data?.map((one) => (
          <li key={one.seq}>
            <NeighbourLink found={one} />
          </li>
        ))}
      </ul>
      <p>
        <Link to="/events" search={{ user }}>
          {t('story.neighbours.all')}
        </Link>
      </p>
    </section>
  );
}

function NeighbourLink({ found: { event } }: { readonly found: FoundEvent }): ReactElement {
  return (
    <>
      <Time at={Date.parse(event.receivedAt)} />{' '}
      <Link to="/events/$messageId" params={{ messageId: event.messageId }}>
        {event.event ?? event.name ?? event.type}
      </Link>
    </>
  );
}
