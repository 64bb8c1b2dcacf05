import { useMutation } from '@tanstack/react-query';
import type { Tried, TriedEvent } from '@waybill/api';
import { errorEntry } from '@waybill/core';
import { type ReactNode, useState } from 'react';
import { Badge, type State } from '../../kit/Badge.tsx';
import { Button } from '../../kit/Button.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { type Column, Table } from '../../kit/Table.tsx';
import { Remedy } from '../../kit/Remedy.tsx';
import { useTexts } from '../../preferences.ts';
import styles from './Mapping.module.css';

type Total = Tried['totals']['outcomes'][number];

/** The badge state of an expected outcome. */
export const STATES = {
  sent: 'delivered',
  skipped: 'skipped',
  rejected: 'rejected',
  retry: 'waiting',
} as const;

/** The results of a dry run: totals by outcome and code, with their events. */
export function DryRunRows({
  tried: { events, totals, complete },
  isOld,
  onOpen,
}: {
  readonly tried: Tried;
  /** Whether the mapping was changed since. */
  readonly isOld: boolean;
  readonly onOpen: (messageId: string) => Promise<void>;
}): ReactNode {
  const t = useTexts();
  const [chosen, setChosen] = useState<string>();
  const open = useMutation({ mutationFn: onOpen });
  const ready = totals.outcomes.find(({ outcome }) => outcome === 'sent')?.count ?? 0;
  const rows = events.filter((one) => chosen === undefined || isOf(one, chosen));
  const sorted = totals.outcomes.toSorted((a, b) => b.count - a.count);
  const columns: readonly Column<TriedEvent>[] = [
    {
      id: 'event',
      label: t('try.event'),
      width: 'minmax(0, 1fr)',
      cell: ({ messageId, event, type, user }) => (
        <button
          type="button"
          className={styles['leaf']}
          title={t('try.open', { messageId })}
          onClick={() => open.mutate(messageId)}
        >
          {[user, event ?? type].filter(Boolean).join(' · ')}
        </button>
      ),
    },
    { id: 'end', label: t('try.end'), width: 'minmax(9.5rem, 1.2fr)', cell: (one) => <End tried={one} /> },
    { id: 'call', label: t('try.call'), width: '3rem', cell: ({ call }) => call },
  ];
  return (
    <>
      <div role="status">
        <p>
          {t('editor.dry.result', {
            count: totals.events,
            matched: totals.matched,
            ready,
            changed: totals.changed ?? 0,
          })}
        </p>
        {totals.calls === 0 ? null : (
          <p className={styles['muted']}>{t('try.calls', { count: totals.calls })}</p>
        )}
        {complete ? null : <p className={styles['muted']}>{t('try.incomplete')}</p>}
        {isOld ? <p className={styles['muted']}>{t('try.old')}</p> : null}
      </div>
      <ul className={styles['totals']}>
        {sorted.map((total) => (
          <Choice
            key={nameOf(total)}
            name={nameOf(total)}
            chosen={chosen}
            onChoose={setChosen}
            count={total.count}
          >
            <Badge state={STATES[total.outcome]}>{wordOf(total.code, t)}</Badge>
          </Choice>
        ))}
        {(totals.changed ?? 0) === 0 ? null : (
          <Choice name="changed" chosen={chosen} onChoose={setChosen} count={totals.changed ?? 0}>
            <Badge state="draft">{t('try.changed')}</Badge>
          </Choice>
        )}
      </ul>
      <WhatToDo name={chosen} />
      {open.isError ? <Failure error={open.error} /> : null}
      <Table
        label={t('try.rows')}
        columns={columns}
        rows={rows}
        keyOf={({ messageId }) => messageId}
        height={320}
        isNarrow
      />
    </>
  );
}

function Choice({
  name,
  chosen,
  count,
  onChoose,
  children,
}: {
  readonly name: string;
  readonly chosen: string | undefined;
  readonly count: number;
  readonly onChoose: (name: string | undefined) => void;
  readonly children: ReactNode;
}): ReactNode {
  const isOn = chosen === name;
  return (
    <li>
      <Button look="quiet" aria-pressed={isOn} onClick={() => onChoose(isOn ? undefined : name)}>
        {children} {count}
      </Button>
    </li>
  );
}

/** The remedy for the shown events, if there is one. */
function WhatToDo({ name }: { readonly name: string | undefined }): ReactNode {
  const [outcome, code = ''] = name?.split(' ') ?? [];
  const remedy = outcome === 'rejected' ? errorEntry(code)?.remedy : undefined;
  return remedy === undefined ? null : (
    <p className={styles['muted']}>
      <Remedy code={code}>{remedy}</Remedy>
    </p>
  );
}

/** The expected outcome of an event, and whether it changes. */
function End({ tried: { outcome, changed } }: { readonly tried: TriedEvent }): ReactNode {
  const t = useTexts();
  const state: State =
    outcome === undefined ? 'delivered' : outcome.status === 'retry' ? 'waiting' : outcome.status;
  const code = outcome === undefined || outcome.status === 'delivered' ? undefined : outcome.code;
  return (
    <>
      <Badge state={state}>{wordOf(code, t)}</Badge>{' '}
      {changed === true ? <Badge state="draft">{t('try.changed.yes')}</Badge> : null}
    </>
  );
}

/** Returns an outcome as a word or code. */
export function wordOf(code: Total['code'], t: ReturnType<typeof useTexts>): string {
  if (code === undefined) return t('try.sent');
  return code === 'no_matching_mapping' ? t('try.unmatched') : code;
}

function nameOf({ outcome, code }: Pick<Total, 'outcome' | 'code'>): string {
  return `${outcome} ${code ?? ''}`;
}

function isOf({ outcome, changed }: TriedEvent, name: string): boolean {
  if (name === 'changed') return changed === true;
  if (outcome === undefined || outcome.status === 'delivered') return name === nameOf({ outcome: 'sent' });
  return name === `${outcome.status} ${outcome.code}`;
}
