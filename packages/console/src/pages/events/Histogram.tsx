import { useQuery } from '@tanstack/react-query';
import { memo, type ReactNode } from 'react';
import { useFormat } from '../../format.ts';
import { Chart } from '../../kit/Chart.tsx';
import { useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';
import { barsOf } from '../overview/figures.ts';
import type { EventsSearch } from './search.ts';

const HOUR = 3_600_000;
const BARS = 60;

/** The histogram of all arrivals; dragging limits the search to a period. Memoised against new events. */
export const Histogram = memo(function Histogram({
  search: { from, to },
  onSelect,
}: {
  readonly search: EventsSearch;
  readonly onSelect: (period: { readonly from: number; readonly to: number }) => void;
}): ReactNode {
  const t = useTexts();
  const client = useClient();
  const { number, moment } = useFormat();
  const { data } = useQuery({
    queryKey: ['histogram', from, to],
    queryFn: () => {
      const end = to ?? Date.now();
      const begin = Math.min(from ?? end - 24 * HOUR, end - 60_000);
      return client.get('/api/overview', { query: { from: begin, to: end } });
    },
    staleTime: 30_000,
  });
  if (data === undefined) return null;
  return (
    <Chart
      title={t('events.histogram')}
      series={[{ name: t('events.histogram.series'), colour: '--accent' }]}
      bars={barsOf(data, BARS).map((bar) => ({
        label: `${moment(bar.from)} – ${moment(bar.to)}`,
        from: bar.from,
        to: bar.to,
        values: [bar.accepted],
      }))}
      height={48}
      number={number}
      moment={moment}
      onSelect={onSelect}
    />
  );
});
