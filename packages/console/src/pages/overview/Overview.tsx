import type { Overview, OverviewCounts } from '@waybill/api';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { useClient } from '../../session.tsx';
import { useFormat } from '../../format.ts';
import { useTexts } from '../../preferences.ts';
import { Empty } from '../../kit/Empty.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { Select } from '../../kit/Select.tsx';
import { Changes, useChanges } from './Changes.tsx';
import { Destinations } from './Destinations.tsx';
import { changeOf, type Funnel, funnelOf, PERIODS, type PeriodName } from './figures.ts';
import styles from './Overview.module.css';
import { Reasons } from './Reasons.tsx';
import { TimeChart } from './TimeChart.tsx';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** What the address of the page says. */
interface OverviewSearch {
  readonly period?: string;
  readonly from?: number;
  readonly to?: number;
}

/** How things are: what came in and what became of it, how destinations are doing, and why items did not get through. */
export default function OverviewPage(): ReactElement {
  const t = useTexts();
  const client = useClient();
  const navigate = useNavigate();
  const search = useSearch({ strict: false }) as OverviewSearch;
  const name: PeriodName = isPeriod(search.period) ? search.period : '24h';
  const own = chosen(search);
  const { data, error } = useQuery({
    queryKey: ['overview', name, own],
    queryFn: () => {
      const period = own ?? periodOf(name, Date.now());
      return client.get('/api/overview', { query: period });
    },
    refetchInterval: own === undefined ? 10_000 : false,
    placeholderData: (before: Overview | undefined) => before,
  });
  const stats = useQuery({
    queryKey: ['stats'],
    queryFn: () => client.get('/api/stats'),
    refetchInterval: 5_000,
  });
  const changes = useChanges(data?.from ?? 0, data?.to ?? 0);
  const choose = (next: OverviewSearch): void => void navigate({ to: '/', search: next });
  return (
    <>
      <header className={styles['head']}>
        <h1>{t('overview.title')}</h1>
        <Select
          label={t('overview.period')}
          value={own === undefined ? name : 'own'}
          options={[
            ...(Object.keys(PERIODS) as PeriodName[]).map(
              (one) => [one, t(`overview.period.${one}`)] as const,
            ),
            ...(own === undefined ? [] : [['own', t('overview.period.own')] as const]),
          ]}
          onChange={(value) => {
            if (isPeriod(value)) choose({ period: value });
          }}
        />
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
            bars={PERIODS[name].bars}
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

function isPeriod(name: string | undefined): name is PeriodName {
  return name !== undefined && Object.hasOwn(PERIODS, name);
}

interface Period {
  readonly from: number;
  readonly to: number;
  readonly step: Overview['step'];
}

/** The period of the address, when it names one; by minutes while there are any. */
function chosen({ from, to }: OverviewSearch): Period | undefined {
  if (typeof from !== 'number' || typeof to !== 'number' || from >= to) return undefined;
  const isYoung = from > Date.now() - 2 * DAY && to - from <= 6 * HOUR;
  return { from, to, step: isYoung ? 'minute' : 'hour' };
}

/** The last time of a name; it begins with a step, so that it has as many as it is to have. */
function periodOf(name: PeriodName, now: number): Period {
  const { hours, step } = PERIODS[name];
  const size = step === 'minute' ? 60_000 : HOUR;
  const to = Math.ceil((now + 1) / size) * size;
  return { from: to - hours * HOUR, to, step };
}

/** From arrival to delivery: what went through which step, and how that differs from before. */
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
  /** Of the period before; absent where there is none. */
  readonly before?: number;
  readonly state?: 'delivered' | 'skipped' | 'waiting' | 'rejected' | 'refused';
  /** Where the list of what is counted stands. */
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
