import { EVENT_TYPES } from './event-types.ts';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useFormat } from '../../format.ts';
import { Button } from '../../kit/Button.tsx';
import { Select } from '../../kit/Select.tsx';
import { TextField } from '../../kit/TextField.tsx';
import { useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';
import styles from './Events.module.css';
import type { EventsSearch } from './search.ts';

/** How filters are changed; an absent member stays, an empty one goes. */
export type Change = (changes: { readonly [K in keyof EventsSearch]?: EventsSearch[K] | undefined }) => void;

interface FiltersProps {
  readonly search: EventsSearch;
  readonly onChange: Change;
}

const HOUR = 3_600_000;
const PERIODS = { '1h': HOUR, '24h': 24 * HOUR, '7d': 7 * 24 * HOUR } as const;
const OUTCOMES = ['delivered', 'skipped', 'waiting', 'rejected'] as const;

/** The filters next to the trigger. */
export function Filters({ search, onChange }: FiltersProps): ReactNode {
  const t = useTexts();
  const client = useClient();
  const sources = useQuery({ queryKey: ['sources'], queryFn: () => client.get('/api/sources') });
  const any = ['', t('events.filter.any')] as const;
  return (
    <div className={styles['filters']}>
      <Select
        label={t('events.filter.source')}
        value={search.source ?? ''}
        options={[any, ...(sources.data ?? []).map(({ id, name = id }) => [id, name] as const)]}
        onChange={(source) => onChange({ source })}
      />
      <Select
        label={t('events.filter.type')}
        value={search.type ?? ''}
        options={[any, ...EVENT_TYPES.map((type) => [type, type] as const)]}
        onChange={(type) => onChange({ type })}
      />
      <Select
        label={t('events.filter.outcome')}
        value={search.outcome ?? ''}
        options={[any, ...OUTCOMES.map((one) => [one, t(`kit.state.${one}`)] as const)]}
        onChange={(outcome) => onChange({ outcome })}
      />
      <Select
        label={t('events.filter.period')}
        value={search.from === undefined && search.to === undefined ? '' : 'own'}
        options={[
          ['', t('events.period.all')],
          ...(Object.keys(PERIODS) as (keyof typeof PERIODS)[]).map(
            (one) => [one, t(`events.period.${one}`)] as const,
          ),
          ...(search.from === undefined && search.to === undefined
            ? []
            : [['own', t('events.period.own')] as const]),
        ]}
        onChange={(name) => {
          if (name === 'own') return;
          const length = name in PERIODS ? PERIODS[name as keyof typeof PERIODS] : undefined;
          onChange({ from: length === undefined ? undefined : Date.now() - length, to: undefined });
        }}
      />
      <TypedFilter
        label={t('events.filter.name')}
        value={search.event ?? ''}
        onChange={(event) => onChange({ event })}
      />
      <TypedFilter
        label={t('events.filter.user')}
        value={search.user ?? ''}
        onChange={(user) => onChange({ user })}
      />
    </div>
  );
}

/** A filter with an input field; it applies on Enter or blur. */
function TypedFilter({
  label,
  value,
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}): ReactNode {
  const [typed, setTyped] = useState(value);
  const [shown, setShown] = useState(value);
  if (shown !== value) {
    setShown(value);
    setTyped(value);
  }
  const done = (): void => {
    if (typed !== value) onChange(typed.trim());
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        done();
      }}
      onBlur={done}
    >
      <TextField label={label} value={typed} onChange={setTyped} />
    </form>
  );
}

/** Filters from a link without their own field, each with a remove button. */
export function Chips({ search, onChange }: FiltersProps): ReactNode {
  const t = useTexts();
  const { moment } = useFormat();
  const { destination, mapping, code, from, to } = search;
  const chips = [
    ['destination', destination],
    ['mapping', mapping],
    ['code', code],
    ['from', from === undefined ? undefined : `≥ ${moment(from)}`],
    ['to', to === undefined ? undefined : `≤ ${moment(to)}`],
  ] as const;
  const set = chips.filter(([, value]) => value !== undefined);
  if (set.length === 0) return null;
  return (
    <ul className={styles['chips']}>
      {set.map(([name, value]) => (
        <li key={name} className={styles['chip']}>
          <code>{value}</code>
          <Button
            look="quiet"
            aria-label={t('events.filter.remove', { name: value ?? '' })}
            onClick={() => onChange({ [name]: undefined })}
          >
            ×
          </Button>
        </li>
      ))}
    </ul>
  );
}
