import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Failure } from '../../kit/Failure.tsx';
import { Loading } from '../../kit/Loading.tsx';
import { Time } from '../../kit/Time.tsx';
import { usePreferences, useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';
import cards from '../../kit/Cards.module.css';
import styles from './Settings.module.css';

/** The variables of limits; others cannot be changed. */
const RETENTION = {
  days: 'WAYBILL_RETENTION_DAYS',
  gigabytes: 'WAYBILL_RETENTION_GB',
  backlogGigabytes: 'WAYBILL_BACKLOG_GB',
  outcomeGigabytes: 'WAYBILL_OUTCOME_GB',
  deadLetterDays: 'WAYBILL_DEAD_LETTER_DAYS',
  deadLetterGigabytes: 'WAYBILL_DEAD_LETTER_GB',
} as const;
const LIMITS = {
  eventBytes: '',
  batchBytes: '',
  inFlightMegabytes: 'WAYBILL_IN_FLIGHT_MB',
  freeDiskMegabytes: 'WAYBILL_FREE_DISK_MB',
  backlogEvents: 'WAYBILL_BACKLOG_EVENTS',
  connections: 'WAYBILL_CONNECTIONS',
} as const;

/** The server: version, retention, and admission control. */
export function Server(): ReactNode {
  const t = useTexts();
  const client = useClient();
  const about = useQuery({ queryKey: ['about'], queryFn: () => client.get('/api/about') });
  if (about.isError) return <Failure error={about.error} onRetry={() => void about.refetch()} />;
  if (about.data === undefined) return <Loading />;
  const { version, node, startedAt, demo, retention, limits } = about.data;
  return (
    <>
      {demo ? <p>{t('settings.server.demo')}</p> : null}
      <dl className={styles['facts']}>
        <dt>{t('settings.server.version')}</dt>
        <dd>{version}</dd>
        <dt>{t('settings.server.node')}</dt>
        <dd>{node}</dd>
        <dt>{t('settings.server.started')}</dt>
        <dd>
          <Time at={startedAt} absolute />
        </dd>
      </dl>
      <p>{t('settings.server.where')}</p>
      <Values
        title={t('settings.server.retention')}
        rows={rowsOf<keyof typeof RETENTION>(RETENTION, retention)}
      />
      <Values title={t('settings.server.limits')} rows={rowsOf<keyof typeof LIMITS>(LIMITS, limits)} />
    </>
  );
}

type Named = keyof typeof RETENTION | keyof typeof LIMITS;

interface Row {
  readonly name: Named;
  readonly value: number;
  readonly variable: string;
}

function rowsOf<N extends Named>(
  variables: Readonly<Record<N, string>>,
  values: Readonly<Record<N, number>>,
): readonly Row[] {
  return (Object.keys(variables) as N[]).map((name) => ({
    name,
    value: values[name],
    variable: variables[name],
  }));
}

function Values({ title, rows }: { readonly title: string; readonly rows: readonly Row[] }): ReactNode {
  const t = useTexts();
  const { language } = usePreferences();
  const written = new Intl.NumberFormat(language);
  return (
    <>
      <h2>{title}</h2>
      <div className={styles['scroller']}>
        <table className={`${styles['table']} ${cards['cards']}`}>
          <thead>
            <tr>
              <th scope="col">{t('settings.server.setting')}</th>
              <th scope="col" className={styles['number']}>
                {t('settings.server.value')}
              </th>
              <th scope="col">{t('settings.server.variable')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ name, value, variable }) => (
              <tr key={name}>
                <th scope="row">{t(`settings.server.${name}`)}</th>
                <td className={styles['number']} data-label={t('settings.server.value')}>
                  {value === 0 ? t('settings.server.off') : written.format(value)}
                </td>
                <td data-label={t('settings.server.variable')}>
                  {variable === '' ? '–' : <code>{variable}</code>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
