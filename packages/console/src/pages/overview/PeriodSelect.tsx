import type { ReactElement } from 'react';
import { Select } from '../../kit/Select.tsx';
import { useTexts } from '../../preferences.ts';
import { PERIODS, type PeriodName } from './figures.ts';
import { type ChosenPeriod, isPeriod } from './period.ts';

/** Chooses the period that a page shows. */
export function PeriodSelect({
  chosen: { name, own },
  onChange,
}: {
  readonly chosen: ChosenPeriod;
  readonly onChange: (name: PeriodName) => void;
}): ReactElement {
  const t = useTexts();
  const names = Object.keys(PERIODS) as PeriodName[];
  return (
    <Select
      label={t('overview.period')}
      value={own === undefined ? name : 'own'}
      options={[
        ...names.map((one) => [one, t(`overview.period.${one}`)] as const),
        ...(own === undefined ? [] : [['own', t('overview.period.own')] as const]),
      ]}
      onChange={(value) => {
        if (isPeriod(value)) onChange(value);
      }}
    />
  );
}
