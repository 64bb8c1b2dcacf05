import { ApiError } from '@waybill/api/client';
import { type ReactNode, useMemo, useState } from 'react';
import { Button } from '../../kit/Button.tsx';
import { Copy } from '../../kit/Copy.tsx';
import { Remedy } from '../../kit/Remedy.tsx';
import { useTexts } from '../../preferences.ts';
import { TriggerField } from '../../trigger/TriggerField.tsx';
import { knownPaths } from '../../trigger/known.ts';
import { useShapes } from '../../trigger/use-shapes.ts';
import styles from './Events.module.css';

/** The search box for a trigger; marks errors at their position. */
export function SearchForm({
  where,
  error,
  onSearch,
}: {
  readonly where: string;
  readonly error: Error | null;
  readonly onSearch: (where: string) => void;
}): ReactNode {
  const t = useTexts();
  const shapes = useShapes();
  const known = useMemo(() => knownPaths(shapes), [shapes]);
  const [typed, setTyped] = useState(where);
  const [shown, setShown] = useState(where);
  // Going back, or a saved search, sets another one.
  if (shown !== where) {
    setShown(where);
    setTyped(where);
  }
  const mistake = typed === where ? mistakeOf(error) : undefined;
  return (
    <form
      role="search"
      className={styles['form']}
      onSubmit={(event) => {
        event.preventDefault();
        onSearch(typed.trim());
      }}
    >
      <TriggerField
        label={t('events.search')}
        hint={
          mistake === undefined ? (
            t('events.searchHint')
          ) : (
            <span className={styles['picture']}>
              {where.slice(0, mistake.offset)}
              <mark>{where.slice(mistake.offset, mistake.offset + 1) || ' '}</mark>
              {where.slice(mistake.offset + 1)}
            </span>
          )
        }
        problem={mistake?.message}
        known={known}
        value={typed}
        onChange={setTyped}
      />
      <Button type="submit" look="primary">
        {t('events.find')}
      </Button>
      {mistake !== undefined && (
        <p className={styles['remedy']}>
          <Remedy code={mistake.code}>{mistake.remedy}</Remedy> <Copy text={mistake.code} />
        </p>
      )}
    </form>
  );
}

/** The error of the trigger, with its position. */
export function mistakeOf(error: Error | null): Mistake | undefined {
  if (!(error instanceof ApiError) || !error.code.startsWith('trigger_')) return undefined;
  const { message, remedy, code, issues } = error;
  return { message, remedy, code, offset: issues[0]?.offset ?? 0 };
}

interface Mistake {
  readonly message: string;
  readonly remedy: string;
  readonly code: string;
  readonly offset: number;
}
