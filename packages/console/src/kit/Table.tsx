import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, type ReactNode, useMemo, useRef } from 'react';
import styles from './Table.module.css';

/** A column of a table. */
export interface Column<Row> {
  readonly id: string;
  readonly label: string;
  /** CSS width of its track: `8rem`, `minmax(8rem, 2fr)`. */
  readonly width: string;
  readonly cell: (row: Row) => ReactNode;
}

const ROW = 32;

/** A virtual table of rows of equal height: only visible rows exist, so 100,000 are as fast as 100. */
export function Table<Row>({
  label,
  columns,
  rows,
  keyOf,
  total = rows.length,
  height = 480,
  isNarrow = false,
  onScroll,
}: {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string | number;
  /** The number of rows, loaded or not; -1 when unknown. */
  readonly total?: number;
  /** The height of the scrolling part in pixels. */
  readonly height?: number;
  /** Whether it fits the available width; a wide one scrolls horizontally instead. */
  readonly isNarrow?: boolean;
  /** Called with the index of the first visible row. */
  readonly onScroll?: (rows: number) => void;
}): ReactNode {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 12,
  });
  const template = useMemo(() => columns.map(({ width }) => width).join(' '), [columns]);
  return (
    <div
      ref={scroller}
      className={styles['scroller']}
      style={{ maxBlockSize: height }}
      tabIndex={0}
      role="region"
      aria-label={label}
      onScroll={(event) => onScroll?.(Math.floor(event.currentTarget.scrollTop / ROW))}
    >
      <div
        role="table"
        aria-label={label}
        aria-rowcount={total < 0 ? -1 : total + 1}
        className={isNarrow ? `${styles['table']} ${styles['narrow']}` : styles['table']}
      >
        <div
          role="row"
          aria-rowindex={1}
          className={styles['head']}
          style={{ gridTemplateColumns: template }}
        >
          {columns.map(({ id, label: text }) => (
            <div key={id} role="columnheader" className={styles['cell']}>
              {text}
            </div>
          ))}
        </div>
        <div role="rowgroup" className={styles['body']} style={{ blockSize: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const row = rows[index]!;
            return <Line key={keyOf(row)} row={row} index={index} start={start} {...{ columns, template }} />;
          })}
        </div>
      </div>
    </div>
  );
}

interface LineProps<Row> {
  readonly row: Row;
  readonly index: number;
  /** Pixels from the first row. */
  readonly start: number;
  readonly columns: readonly Column<Row>[];
  /** The tracks of all columns. */
  readonly template: string;
}

/** A memoised row, so that scrolling only renders new rows. */
const Line = memo(function Line<Row>({ row, index, start, columns, template }: LineProps<Row>): ReactNode {
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      className={styles['row']}
      style={{ gridTemplateColumns: template, transform: `translateY(${start}px)` }}
    >
      <Cells row={row} columns={columns} />
    </div>
  );
}) as <Row>(props: LineProps<Row>) => ReactNode;

/** The memoised cells of a row, unaffected by rows that are inserted before it. */
const Cells = memo(function Cells<Row>({ row, columns }: Pick<LineProps<Row>, 'row' | 'columns'>): ReactNode {
  return columns.map(({ id, cell }) => (
    <div key={id} role="cell" className={styles['cell']}>
      {cell(row)}
    </div>
  ));
}) as <Row>(props: Pick<LineProps<Row>, 'row' | 'columns'>) => ReactNode;
