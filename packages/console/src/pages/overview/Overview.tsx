import type { Overview, OverviewCounts } from '@waybill/api';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { useClient } from '../../session.tsx';
import { useFormat } from '../../format.ts';
import { useTexts } from '../../preferences.ts';
import { Empty } from '../../kit/Empty.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { Changes, useChanges } from './Changes.tsx';
import { Destinations } from './Destinations.tsx';
import { changeOf, type Funnel, funnelOf, PERIODS } from './figures.ts';
import styles from './Overview.module.css';
import { chosenPeriod, type PeriodSearch } from './period.ts';
import { PeriodSelect } from './PeriodSelect.tsx';
import { Reasons } from './Reasons.tsx';
import { TimeChart } from './TimeChart.tsx';
import { useOverview } from './use-overview.ts';

/** The overview: events and outcomes, the status of destinations, and reasons of failures. */
export default function OverviewPage(): ReactElement {
  const t = useTexts();
  const client = useClient();
  const navigate = useNavigate();
  const chosen = chosenPeriod(useSearch({ strict: false }));
  const { data, error } = useOverview(chosen);
  const stats = useQuery({
    queryKey: ['stats'],
    queryFn: () => client.get('/api/stats'),
    refetchInterval: 5_000,
  });
  const changes = useChanges(data?.from ?? 0, data?.to ?? 0);
  const choose = (next: PeriodSearch): void => void navigate({ to: '/', search: next });
  return (
    <>
      <header className={styles['head']}>
        <h1>{t('overview.title')}</h1>
        <PeriodSelect chosen={chosen} onChange={(period) => choose({ period })} />
      </header>
      {error !== null && <Failure error={error} />}
      {stats.error !== null && <Failure error={stats.error} />}
      {stats.data?.events === 0 && (
        <Empty title={t('overview.none')}>
          <p>{t('overview.none.hint')}</p>
          <Link to="/start">{t('overview.none.action')}</Link>
        </Empty>
      )}
      {data !== undefined && (
        <>
          <FunnelView
            overview={data}
            waiting={stats.data?.destinations.reduce((sum, one) => sum + one.retrying, 0)}
          />
          <TimeChart
            overview={data}
            bars={PERIODS[chosen.name].bars}
            marks={changes.map(({ at }) => at)}
            onSelect={choose}
          />
          <Reasons totals={data.totals} from={data.from} to={data.to} />
        </>
      )}
      {stats.data !== undefined && <Destinations stats={stats.data} totals={data?.totals} />}
      {data !== undefined && <Changes changes={changes} />}
    </>
  );
}

/** The funnel from arrival to delivery, compared with the previous period. */
function FunnelView({
  overview: { totals, before, from, to },
  waiting,
}: {
  readonly overview: Overview;
  readonly waiting: number | undefined;
}): ReactElement {
  const t = useTexts();
  const [now, then] = [funnelOf(totals), funnelOf(before)];
  const figure = (name: keyof Funnel): Pick<FigureProps, 'now' | 'before'> => ({
    now: now[name],
    before: then[name],
  });
  return (
    <section aria-label={t('overview.funnel')}>
      <ul className={styles['funnel']}>
        <Figure title={t('overview.accepted')} {...figure('accepted')} to="/events" search={{ from, to }} />
        <Figure title={t('overview.matched')} {...figure('matched')} to="/delivery" search={{ from, to }} />
        <Figure
          title={t('overview.delivered')}
          state="delivered"
          {...figure('delivered')}
          to="/events"
          search={{ from, to, outcome: 'delivered' }}
        />
        <Figure
          title={t('overview.skipped')}
          state="skipped"
          {...figure('skipped')}
          to="/events"
          search={{ from, to, outcome: 'skipped' }}
        />
        <Figure title={t('overview.waiting')} state="waiting" now={waiting ?? 0} to="/delivery" search={{}} />
        <Figure
          title={t('overview.rejected')}
          state="rejected"
          {...figure('rejected')}
          to="/events"
          search={{ from, to, outcome: 'rejected' }}
        />
        {now.refused > 0 && (
          <Figure
            title={t('overview.refused')}
            state="refused"
            {...figure('refused')}
            to="/sources"
            search={{}}
          />
        )}
      </ul>
      <Delay totals={totals} />
    </section>
  );
}

interface FigureProps {
  readonly title: string;
  readonly now: number;
  /** From the previous period; absent without one. */
  readonly before?: number;
  readonly state?: 'delivered' | 'skipped' | 'waiting' | 'rejected' | 'refused';
  /** The link to the list of counted items. */
  readonly to: string;
  readonly search: Readonly<Record<string, unknown>>;
}

function Figure({ title, now, before, state, to, search }: FigureProps): ReactElement {
  const t = useTexts();
  const { number, percent } = useFormat();
  const change = before === undefined ? undefined : changeOf(now, before);
  const share = change === undefined ? undefined : percent(Math.abs(change));
  return (
    <li className={styles['figure']} data-state={state}>
      <Link to={to} search={search}>
        <span className={styles['figureTitle']}>{title}</span>
        <span className={styles['figureNumber']}>{number(now)}</span>
      </Link>
      {share !== undefined && (
        <span className={styles['figureChange']}>
          {change === 0 ? t('overview.same') : t(change! > 0 ? 'overview.more' : 'overview.less', { share })}
        </span>
      )}
    </li>
  );
}

function Delay({ totals }: { readonly totals: OverviewCounts }): ReactElement | null {
  const t = useTexts();
  const { duration } = useFormat();
  if (totals.p50 === undefined || totals.p95 === undefined) return null;
  return (
    <p className={styles['delay']}>
      {t('overview.delay')}: {t('overview.delay.half', { time: duration(totals.p50) })},{' '}
      {t('overview.delay.most', { time: duration(totals.p95) })}
    </p>
  );
}
