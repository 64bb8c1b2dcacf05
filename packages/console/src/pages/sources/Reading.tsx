import type { Stream } from '@waybill/api';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useFormat } from '../../format.ts';
import { Failure } from '../../kit/Failure.tsx';
import { Loading } from '../../kit/Loading.tsx';
import { Reason, Remedy } from '../../kit/Remedy.tsx';
import { Time } from '../../kit/Time.tsx';
import { useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';
import { SetAside } from './SetAside.tsx';
import { Webhook } from './Webhook.tsx';
import cards from '../../kit/Cards.module.css';
import sheet from '../../kit/Sheet.module.css';

/** The polling interval of the progress, in milliseconds. */
const LOOK = 3_000;

/** The reading of a source: its streams, and for a shop its webhook and rows that were set aside. */
export function Reading({ id }: { readonly id: string }): ReactNode {
  const t = useTexts();
  const client = useClient();
  const streams = useQuery({
    queryKey: ['streams', id],
    refetchInterval: LOOK,
    queryFn: () => client.get('/api/sources/:id/streams', { params: { id } }),
  });
  if (streams.isError) return <Failure error={streams.error} />;
  if (streams.data === undefined) return <Loading />;
  if (streams.data.length === 0) return null;
  const isShop = streams.data.some(({ mode }) => mode !== undefined);
  return (
    <>
      <section aria-labelledby="streams">
        <h2 id="streams">{t('reading.streams')}</h2>
        <Standing streams={streams.data} />
        <Streams streams={streams.data} />
        {isShop ? (
          <p>
            <Link to="/sources/$id/reconcile" params={{ id }}>
              {t('reconcile.open')}
            </Link>
          </p>
        ) : null}
      </section>
      {isShop ? (
        <>
          <section aria-labelledby="webhook">
            <h2 id="webhook">{t('reading.webhook')}</h2>
            <Webhook id={id} />
          </section>
          <section aria-labelledby="aside">
            <h2 id="aside">{t('reading.aside')}</h2>
            <SetAside id={id} />
          </section>
        </>
      ) : null}
    </>
  );
}

/** The distinct failures of reading. */
function Standing({ streams }: { readonly streams: readonly Stream[] }): ReactNode {
  const t = useTexts();
  const until = Math.max(0, ...streams.map(({ waitsUntil = 0 }) => waitsUntil));
  const failures = new Map(
    streams.flatMap(({ failure }) => (failure === undefined ? [] : [[failure.message, failure] as const])),
  );
  return (
    <div role="status">
      {until === 0 ? null : (
        <p>
          {t('reading.parked')} <Time at={until} absolute />
        </p>
      )}
      {[...failures.values()].map(({ code, message, at, remedy }) => (
        <div key={message}>
          <Reason code={code}>
            {message} <code>{code}</code>
          </Reason>
          {remedy === undefined ? null : (
            <p>
              <Remedy code={code}>{remedy}</Remedy>
            </p>
          )}
          {at === undefined ? null : (
            <p>
              {t('reading.tried')} <Time at={at} absolute />
            </p>
          )}
        </div>
      ))}
    </div>
  );
}

function Streams({ streams }: { readonly streams: readonly Stream[] }): ReactNode {
  const t = useTexts();
  const { number } = useFormat();
  const columns = ['how', 'read', 'waiting', 'setAside', 'progress'] as const;
  return (
    <div className={sheet['scroller']}>
      <table aria-labelledby="streams" className={`${sheet['table']} ${cards['cards']}`}>
        <thead>
          <tr>
            <th scope="col">{t('reading.stream')}</th>
            {columns.map((column) => (
              <th key={column} scope="col">
                {t(`reading.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {streams.map((stream, index) => (
            <tr key={index}>
              <th scope="row">{stream.stream}</th>
              <td data-label={t('reading.how')}>{t(`reading.mode.${modeOf(stream)}`)}</td>
              <td data-label={t('reading.read')}>
                {stream.total === undefined
                  ? number(stream.read)
                  : t('reading.readOf', { read: stream.read, total: stream.total })}
              </td>
              <td data-label={t('reading.waiting')}>{countOf(stream.waiting, number)}</td>
              <td data-label={t('reading.setAside')}>{countOf(stream.setAside, number)}</td>
              <td data-label={t('reading.progress')}>
                <Progress stream={stream} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The progress of a back-fill, with its estimated end. */
function Progress({ stream }: { readonly stream: Stream }): ReactNode {
  const t = useTexts();
  const { duration } = useFormat();
  const { backfill, read, total, secondsLeft, perSecond, ended } = stream;
  if (backfill === undefined) return '–';
  if (ended) return t('reading.ended');
  return (
    <>
      {total === undefined || total === 0 ? null : (
        <progress
          className={sheet['progress']}
          aria-label={t('reading.progressOf', { stream: stream.stream })}
          value={Math.min(read, total)}
          max={total}
        />
      )}
      {perSecond === undefined ? null : `${t('reading.perSecond', { rate: Math.round(perSecond) })} `}
      {secondsLeft === undefined
        ? t('reading.going')
        : t('reading.left', { time: duration(secondsLeft * 1_000) })}
    </>
  );
}

function modeOf({ mode, backfill }: Stream): NonNullable<Stream['mode']> {
  return mode ?? (backfill === undefined ? 'poll' : 'backfill');
}

function countOf(count: number | undefined, written: (value: number) => string): string {
  return count === undefined ? '–' : written(count);
}
