import type { Statements } from './database.ts';

/** The columns of rows: the type of each, and its value of a row. */
export type Columns<Row> = Readonly<Record<string, readonly [type: string, value: (row: Row) => unknown]>>;

/** Builds `unnest` of rows, one array per column, with the values: the first is `$from`. */
export function unnest<Row>(
  columns: Columns<Row>,
  rows: readonly Row[],
  from = 1,
): { readonly text: string; readonly names: string; readonly values: readonly unknown[] } {
  const names = Object.keys(columns).join(', ');
  const arrays = Object.values(columns).map(([type], index) => `$${from + index}::${type}[]`);
  return {
    text: `unnest(${arrays.join(', ')}) AS given (${names})`,
    names,
    values: Object.values(columns).map(([, value]) => rows.map(value)),
  };
}

/** Inserts rows in one statement. `casts` converts columns that arrays cannot represent. */
export async function insertRows<Row>(
  { run }: Statements,
  table: string,
  {
    columns,
    rows,
    casts = {},
    end = '',
  }: {
    readonly columns: Columns<Row>;
    readonly rows: readonly Row[];
    readonly casts?: Readonly<Record<string, string>>;
    readonly end?: string;
  },
): Promise<void> {
  if (rows.length === 0) return;
  const { text, names, values } = unnest(columns, rows);
  const selected = Object.keys(columns).map((name) =>
    casts[name] === undefined ? name : `${name}::${casts[name]}`,
  );
  await run(`INSERT INTO ~${table} (${names}) SELECT ${selected.join(', ')} FROM ${text} ${end}`, ...values);
}
