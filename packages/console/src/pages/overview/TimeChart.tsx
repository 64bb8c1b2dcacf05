import type { Overview } from '@waybill/api';
import type { ReactElement } from 'react';
import { useFormat } from '../../format.ts';
import { useTexts } from '../../preferences.ts';
import { Button } from '../../kit/Button.tsx';
import { Chart } from '../../kit/Chart.tsx';
import { type Bar, barsOf } from './figures.ts';
import styles from './Overview.module.css';

const PARTS = ['delivered', 'skipped', 'rejected'] as const;

/** Items over time, as bars and as a table. */
export function TimeChart({
  overview,
  bars,
  marks,
  onSelect,
}: {
  readonly overview: Overview;
  readonly bars: number;
  readonly marks: readonly number[];
  readonly onSelect: (period: { readonly from: number; readonly to: number }) => void;
}): ReactElement {
  const t = useTexts();
  const { number, moment } = useFormat();
  const all = barsOf(overview, bars);
  const label = ({ from, to }: Bar): string => `${moment(from)} – ${moment(to)}`;
  const names = PARTS.map((part) => t(`overview.series.${part}`));
  return (
    <section aria-label={t('overview.chart')} className={styles['card']}>
      <Chart
        title={t('overview.chart')}
        series={PARTS.map((part, index) => ({ name: names[index]!, colour: `--${part}` }))}
        bars={all.map((bar) => ({
          label: label(bar),
          from: bar.from,
          to: bar.to,
          values: PARTS.map((part) => bar[part]),
        }))}
        number={number}
        moment={moment}
        marks={marks}
        onSelect={onSelect}
      />
      <details>
        <summary>{t('overview.table')}</summary>
        <div className={styles['scroll']}>
          <table className={styles['table']}>
            <thead>
              <tr>
                <th scope="col">{t('overview.table.time')}</th>
                <th scope="col">{t('overview.accepted')}</th>
                {names.map((name) => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {all.map((bar) => (
                <tr key={bar.from}>
                  <th scope="row">
                    <Button
                      look="quiet"
                      aria-label={t('overview.table.zoom', { time: label(bar) })}
                      onClick={() => onSelect(bar)}
                    >
                      {label(bar)}
                    </Button>
                  </th>
                  <td>{number(bar.accepted)}</td>
                  {PARTS.map((part) => (
                    <td key={part}>{number(bar[part])}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </section>
  );
}
