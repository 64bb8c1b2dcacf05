import type { ReconciliationAnswer } from '@waybill/api';
import type { ReactNode } from 'react';
import { useFormat } from '../../format.ts';
import { useTexts } from '../../preferences.ts';
import cards from '../../kit/Cards.module.css';
import sheet from '../../kit/Sheet.module.css';

type Result = NonNullable<ReconciliationAnswer['result']>;
type Sums = NonNullable<Result['days'][number]['sums']['shop']>;

/** Orders and amounts by day, for each column. */
export function Days({
  result: { columns, days },
  destination,
}: {
  readonly result: Result;
  readonly destination: string | undefined;
}): ReactNode {
  const t = useTexts();
  if (days.length === 0) return null;
  const names = columns.map((column) =>
    column === 'destination' && destination !== undefined ? destination : t(`reconcile.column.${column}`),
  );
  const hasStores = days.some(({ store }) => store !== undefined);
  return (
    <section aria-labelledby="days">
      <h2 id="days">{t('reconcile.days')}</h2>
      <div className={sheet['scroller']}>
        <table aria-labelledby="days" className={`${sheet['table']} ${cards['cards']}`}>
          <thead>
            <tr>
              <th scope="col">{t('reconcile.day')}</th>
              <th scope="col">{t('reconcile.currency')}</th>
              {hasStores ? <th scope="col">{t('reconcile.store')}</th> : null}
              {names.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {days.map(({ day, currency, store = '–', sums }) => (
              <tr key={`${day} ${currency} ${store}`}>
                <th scope="row">{day}</th>
                <td data-label={t('reconcile.currency')}>{currency}</td>
                {hasStores ? <td data-label={t('reconcile.store')}>{store}</td> : null}
                {columns.map((column, index) => (
                  <td key={column} data-label={names[index]}>
                    <Cell sums={sums[column]} isBold={isOdd(sums[column], sums.shop)} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Cell({ sums, isBold }: { readonly sums: Sums | undefined; readonly isBold: boolean }): ReactNode {
  const t = useTexts();
  const { number } = useFormat();
  const { orders = 0, revenue = 0, refunded = 0 } = sums ?? {};
  const text = t('reconcile.sums', { count: orders, revenue: number(revenue) });
  return (
    <>
      {isBold ? <strong>{text}</strong> : text}
      {refunded === 0 ? null : (
        <span className={sheet['change']}>{t('reconcile.refunded', { amount: number(refunded) })}</span>
      )}
    </>
  );
}

function isOdd(sums: Sums | undefined, shop: Sums | undefined): boolean {
  return sums?.orders !== shop?.orders || sums?.revenue !== shop?.revenue;
}
