import { type ReactElement, useId, useState } from 'react';
import { useTexts } from '../preferences.ts';
import styles from './Chart.module.css';

/** A bar of a chart: its parts from below, in the order of the series. */
export interface ChartBar {
  /** What the bar is of, for instance "14:00 – 15:00". */
  readonly label: string;
  readonly from: number;
  readonly to: number;
  readonly values: readonly number[];
}

/** A part of every bar. */
export interface ChartSeries {
  readonly name: string;
  /** The variable of its colour. */
  readonly colour: string;
}

/** What a chart shows. */
export interface ChartProps {
  readonly title: string;
  readonly series: readonly ChartSeries[];
  readonly bars: readonly ChartBar[];
  /** Called with the selected bars. */
  readonly onSelect?: (period: { readonly from: number; readonly to: number }) => void;
  readonly number: (value: number) => string;
  readonly moment: (at: number) => string;
  /** Times of changes. */
  readonly marks?: readonly number[];
  /** The height of the bars in pixels. */
  readonly height?: number;
}

const WIDTH = 1_000;
const HEIGHT = 160;

/** Stacked bars over time; dragging selects a period. Its data is in a table elsewhere. */
export function Chart({
  title,
  series,
  bars,
  onSelect,
  number,
  moment,
  marks = [],
  height = 160,
}: ChartProps): ReactElement {
  const t = useTexts();
  const [drawn, setDrawn] = useState<readonly [number, number]>();
  const [at, setAt] = useState<number>();
  const captionId = useId();
  const highest = Math.max(1, ...bars.map(({ values }) => values.reduce((sum, one) => sum + one, 0)));
  const [begin = 0, end = 1] = [bars[0]?.from, bars.at(-1)?.to];
  const width = WIDTH / Math.max(1, bars.length);
  const indexAt = (event: React.PointerEvent<SVGSVGElement>): number => {
    const { left, width: wide } = event.currentTarget.getBoundingClientRect();
    const share = (event.clientX - left) / Math.max(1, wide);
    return Math.max(0, Math.min(bars.length - 1, Math.floor(share * bars.length)));
  };
  const selected = drawn === undefined ? undefined : drawn.toSorted((a, b) => a - b);
  const finish = (): void => {
    const [first, last] = (selected ?? []).map((index) => bars[index]);
    setDrawn(undefined);
    if (first !== undefined && last !== undefined) onSelect?.({ from: first.from, to: last.to });
  };
  const hovered = at === undefined ? undefined : bars[at];
  return (
    <figure className={styles['chart']} aria-labelledby={captionId}>
      <figcaption id={captionId} className={styles['caption']}>
        <span>{title}</span>
        <span className={styles['reading']} aria-hidden>
          {hovered === undefined
            ? series.map(({ name, colour }) => <Key key={name} name={name} colour={colour} />)
            : [
                <span key="time">{hovered.label}</span>,
                ...series.map(({ name, colour }, index) => (
                  <Key key={name} name={`${name} ${number(hovered.values[index] ?? 0)}`} colour={colour} />
                )),
              ]}
        </span>
      </figcaption>
      <svg
        className={styles['plot']}
        style={{ blockSize: height }}
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        aria-hidden
        onPointerDown={(event) => {
          if (onSelect === undefined) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          setDrawn([indexAt(event), indexAt(event)]);
        }}
        onPointerMove={(event) => {
          const index = indexAt(event);
          setAt(index);
          setDrawn((before) => (before === undefined ? before : [before[0], index]));
        }}
        onPointerUp={finish}
        onPointerLeave={() => setAt(undefined)}
      >
        {bars.map((bar, index) => (
          <Stack key={bar.from} bar={bar} series={series} x={index * width} width={width} highest={highest} />
        ))}
        {marks.map((at) => (
          <rect
            key={at}
            className={styles['mark']}
            x={((at - begin) / (end - begin)) * WIDTH}
            width={2}
            y={0}
            height={HEIGHT}
          />
        ))}
        {selected !== undefined && (
          <rect
            className={styles['drawn']}
            x={selected[0]! * width}
            width={(selected[1]! - selected[0]! + 1) * width}
            y={0}
            height={HEIGHT}
          />
        )}
      </svg>
      <p className={styles['axis']} aria-hidden>
        <span>{moment(begin)}</span>
        <span>{t('chart.most', { count: highest })}</span>
        <span>{moment(end)}</span>
      </p>
    </figure>
  );
}

function Key({ name, colour }: { readonly name: string; readonly colour: string }): ReactElement {
  return (
    <span className={styles['key']}>
      <svg width="8" height="8" aria-hidden>
        <rect width="8" height="8" rx="2" fill={`var(${colour})`} />
      </svg>
      {name}
    </span>
  );
}

interface StackProps {
  readonly bar: ChartBar;
  readonly series: readonly ChartSeries[];
  readonly x: number;
  readonly width: number;
  readonly highest: number;
}

function Stack({ bar, series, x, width, highest }: StackProps): ReactElement {
  let top = HEIGHT;
  const gap = Math.min(2, width / 5);
  return (
    <g>
      {series.map(({ name, colour }, index) => {
        const value = bar.values[index] ?? 0;
        // Even a single one among thousands is visible.
        const height = value === 0 ? 0 : Math.max(2, (value / highest) * (HEIGHT - 4));
        top -= height;
        return (
          <rect
            key={name}
            x={x + gap / 2}
            y={Math.max(0, top)}
            width={Math.max(1, width - gap)}
            height={height}
            fill={`var(${colour})`}
          />
        );
      })}
    </g>
  );
}
