import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { Button } from '../../kit/Button.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { Loading } from '../../kit/Loading.tsx';
import { Select } from '../../kit/Select.tsx';
import { useTexts } from '../../preferences.ts';
import { Tail } from '../events/Tail.tsx';
import { CreateSource } from '../sources/CreateSource.tsx';
import { Snippets } from '../sources/Snippets.tsx';
import { DemoData } from './DemoData.tsx';
import { DestinationForm } from './DestinationForm.tsx';
import { SendSample } from './SendSample.tsx';
import { Step } from './Step.tsx';
import { type Progress, useProgress } from './use-progress.ts';
import { useSending } from './use-sending.ts';
import sheet from '../../kit/Sheet.module.css';
import styles from './Start.module.css';

/** The columns of events next to the steps. */
const TAIL = ['time', 'name', 'outcomes'];

/** The first-run page: from an empty folder to the first delivery. */
export default function Start(): ReactNode {
  const progress = useProgress();
  if (progress.isError) return <Failure error={progress.error} onRetry={() => void progress.refetch()} />;
  if (progress.data === undefined) return <Loading />;
  return <Steps progress={progress.data} />;
}

function Steps({ progress }: { readonly progress: Progress }): ReactNode {
  const t = useTexts();
  const [keys, setKeys] = useState<Readonly<Record<string, string>>>({});
  const [chosen, setChosen] = useState<string>();
  const { sources, events, destinations, delivered } = progress;
  const source = sources.find(({ id }) => id === chosen) ?? sources.at(-1);
  const sourceId = source?.id ?? '';
  const learn = (id: string, writeKey: string): void => {
    setChosen(id);
    setKeys((before) => ({ ...before, [id]: writeKey }));
  };
  const writeKey = keys[sourceId];
  const sample = useSending(sourceId, writeKey, (key) => learn(sourceId, key));
  const day = useSending(sourceId, writeKey, (key) => learn(sourceId, key));
  const [hasEvent, isConnected, isDelivered] = [events > 0, destinations.length > 0, delivered > 0];
  return (
    <>
      <h1>{t('start.title')}</h1>
      <p>{hasEvent && isConnected && isDelivered ? t('start.ready') : t('start.about')}</p>
      <div className={styles['parts']}>
        <ol aria-label={t('start.steps')} className={styles['steps']}>
          <Step title={t('start.source')} done={source !== undefined}>
            <SourceStep progress={progress} onCreated={learn} />
          </Step>
          <Step title={t('start.event')} done={hasEvent}>
            {source === undefined ? (
              <p>{t('start.event.first')}</p>
            ) : (
              <EventStep progress={progress} chosen={sourceId} onChoose={setChosen} writeKey={writeKey} />
            )}
            {source === undefined || (hasEvent && isConnected) ? null : <SendSample sending={sample} />}
          </Step>
          <Step title={t('start.destination')} done={isConnected}>
            {isConnected ? <Connected destinations={destinations} /> : <DestinationForm />}
          </Step>
          <Step title={t('start.delivery')} done={isDelivered}>
            <DeliveryStep progress={progress} />
            {source !== undefined && hasEvent && isConnected ? <SendSample sending={sample} /> : null}
          </Step>
        </ol>
        <div className={styles['beside']}>
          {source === undefined ? null : <DemoData sending={day} destinations={destinations} />}
          {hasEvent ? (
            <section>
              <h2>{t('sources.tail')}</h2>
              <Tail search={{}} label={t('sources.tail')} columns={TAIL} empty={null} />
            </section>
          ) : null}
        </div>
      </div>
    </>
  );
}

/** How to send a first event, and from which source. */
function EventStep({
  progress: { sources },
  chosen,
  onChoose,
  writeKey,
}: {
  readonly progress: Progress;
  readonly chosen: string;
  readonly onChoose: (id: string) => void;
  readonly writeKey: string | undefined;
}): ReactNode {
  const t = useTexts();
  return (
    <>
      {sources.length > 1 ? (
        <Select
          label={t('start.from')}
          value={chosen}
          onChange={onChoose}
          options={sources.map(({ id, name }) => [id, name ?? id] as const)}
        />
      ) : null}
      <p>{t(writeKey === undefined ? 'start.send.masked' : 'start.send.how')}</p>
      <Snippets writeKey={writeKey} />
    </>
  );
}

function SourceStep({
  progress: { sources },
  onCreated,
}: {
  readonly progress: Progress;
  readonly onCreated: (id: string, writeKey: string) => void;
}): ReactNode {
  const t = useTexts();
  const [creating, setCreating] = useState(false);
  return (
    <>
      {sources.length === 0 ? (
        <p>{t('start.source.about')}</p>
      ) : (
        <ul className={sheet['plain']}>
          {sources.map(({ id, name }) => (
            <li key={id}>
              <Link to="/sources/$id" params={{ id }}>
                {name ?? id}
              </Link>
            </li>
          ))}
        </ul>
      )}
      {sources.length === 0 ? (
        <div>
          <Button look="primary" onClick={() => setCreating(true)}>
            {t('sources.create')}
          </Button>
        </div>
      ) : null}
      {creating ? <CreateSource onClose={() => setCreating(false)} onCreated={onCreated} /> : null}
    </>
  );
}

function Connected({ destinations }: Pick<Progress, 'destinations'>): ReactNode {
  return (
    <div className={sheet['row']}>
      {destinations.map((id) => (
        <Link key={id} to="/destinations/$id" params={{ id }}>
          {id}
        </Link>
      ))}
    </div>
  );
}

/** What is missing between the first event and its delivery. */
function DeliveryStep({
  progress: { destinations, events, delivered, rejected, waiting },
}: {
  readonly progress: Progress;
}): ReactNode {
  const t = useTexts();
  if (delivered > 0)
    return (
      <p>
        <Link to="/">{t('start.overview')}</Link>
      </p>
    );
  if (events === 0 || destinations.length === 0) return <p>{t('start.delivery.first')}</p>;
  return (
    <>
      <p>{t('start.delivery.about')}</p>
      {rejected === 0 ? null : (
        <p>
          <Link to="/dead-letters">{t('start.delivery.rejected', { count: rejected })}</Link>
        </p>
      )}
      {waiting === 0 ? null : (
        <p>
          <Link to="/delivery">{t('start.delivery.waiting', { count: waiting })}</Link>
        </p>
      )}
    </>
  );
}
