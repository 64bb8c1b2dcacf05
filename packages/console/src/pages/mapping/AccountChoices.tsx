import { errorEntry, type Field, type HookName } from '@waybill/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { plainOf, type Values } from '../../editor/config.ts';
import { Button } from '../../kit/Button.tsx';
import { Dialog } from '../../kit/Dialog.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { Loading } from '../../kit/Loading.tsx';
import { Reason, Remedy } from '../../kit/Remedy.tsx';
import { Time } from '../../kit/Time.tsx';
import { TextField } from '../../kit/TextField.tsx';
import { useTexts } from '../../preferences.ts';
import { useRested } from '../../rested.ts';
import { useClient } from '../../session.tsx';
import styles from './Mapping.module.css';

/** The context for reading choices from the account. */
export interface AccountField {
  readonly destination: string;
  readonly action: string;
  /** The field whose values, or values of its members, are chosen. */
  readonly owner: string;
  /** The values of other fields, because choices may depend on them. */
  readonly values: Values;
  /** Paths of the fields with choices: `listId`, `user.listId`, `traits.__keys__`. */
  readonly known: readonly string[];
  /** The hook of the field, with its inputs so far. */
  readonly hook?: HookName;
  readonly inputs?: Readonly<Record<string, unknown>>;
}

/** Whether a field, or a member of it, has choices. */
export function hasChoices({ owner, known }: AccountField, name: string): boolean {
  return known.includes(name === owner ? name : `${owner}.${name}`);
}

/** Selects a value from the account: lists, message types, channels and the like. Typed values are allowed too. */
export function AccountChoices({
  of,
  name,
  field,
  value,
  onChange,
}: {
  readonly of: AccountField;
  /** The field, or the member of it. */
  readonly name: string;
  readonly field: Field;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
}): ReactNode {
  const t = useTexts();
  const [isOpen, setOpen] = useState(false);
  const many = Array.isArray(value) ? (value as readonly unknown[]) : [];
  const isChosen = (one: unknown): boolean => (field.multiple === true ? many.includes(one) : value === one);
  const take = (one: string | number): void => {
    if (field.multiple !== true) {
      onChange(one);
      setOpen(false);
      return;
    }
    const rest = many.filter((other) => other !== one);
    const next = isChosen(one) ? rest : [...many, one];
    onChange(next.length === 0 ? undefined : next);
  };
  return (
    <>
      <Button look="quiet" onClick={() => setOpen(true)}>
        {t('fields.account')}
      </Button>
      <Dialog title={field.label} open={isOpen} onClose={() => setOpen(false)}>
        {isOpen ? (
          <Found
            of={of}
            name={name === of.owner ? name : `${of.owner}.${name}`}
            isChosen={isChosen}
            onTake={take}
          />
        ) : null}
      </Dialog>
    </>
  );
}

function Found({
  of: { destination, action, owner, values, hook, inputs },
  name,
  isChosen,
  onTake,
}: {
  readonly of: AccountField;
  /** The path of the choices: the field, or `field.member`. */
  readonly name: string;
  readonly isChosen: (value: unknown) => boolean;
  readonly onTake: (value: string | number) => void;
}): ReactNode {
  const t = useTexts();
  const client = useClient();
  const [typed, setTyped] = useState('');
  const query = useRested(typed.trim());
  /** The number of refreshes: each is a new key in the cache of this page. */
  const [fresh, setFresh] = useState(0);
  const found = useInfiniteQuery({
    queryKey: ['choices', destination, action, hook, name, query, fresh],
    initialPageParam: null as string | null,
    retry: false,
    queryFn: ({ pageParam }) =>
      client.post('/api/destinations/:id/choices', {
        params: { id: destination },
        body: {
          action,
          field: name,
          payload: plainOf(values, owner),
          ...(hook === undefined ? {} : { hook, inputs: inputs ?? null }),
          query: query === '' ? null : query,
          page: pageParam,
          ...(fresh === 0 ? {} : { fresh: true }),
        },
      }),
    getNextPageParam: (last) => (last.error === undefined ? (last.nextPage ?? null) : null),
  });
  const pages = found.data?.pages ?? [];
  const refused = pages.find(({ error }) => error !== undefined)?.error;
  const choices = pages.flatMap((page) => (page.error === undefined ? page.choices : []));
  const readAt = pages[0]?.readAt;
  return (
    <div className={styles['stack']}>
      <TextField label={t('fields.account.search')} value={typed} onChange={setTyped} />
      {found.isPending ? <Loading /> : null}
      {found.isError ? <Failure error={found.error} onRetry={() => void found.refetch()} /> : null}
      {refused === undefined ? null : (
        <div role="alert">
          <Reason code={refused.code} className={styles['problem']}>
            {refused.message} <code>{refused.code}</code>
          </Reason>
          <p className={styles['muted']}>
            <Remedy code={refused.code}>{errorEntry(refused.code)?.remedy}</Remedy>
          </p>
          <Button onClick={() => void found.refetch()}>{t('kit.failure.retry')}</Button>
        </div>
      )}
      {found.isSuccess && refused === undefined && choices.length === 0 ? (
        <p>{t('fields.account.none')}</p>
      ) : null}
      <ul className={styles['choices']}>
        {choices.map(({ label, value, description }) => (
          <li key={value}>
            <Button look="quiet" aria-pressed={isChosen(value)} onClick={() => onTake(value)}>
              <span aria-hidden="true">{isChosen(value) ? '✓' : ''}</span> {label} <code>{value}</code>
            </Button>
            {description === undefined ? null : <span className={styles['muted']}>{description}</span>}
          </li>
        ))}
      </ul>
      {readAt === undefined ? null : (
        <p className={styles['muted']}>
          {t('fields.account.read')} <Time at={readAt} />{' '}
          <Button look="quiet" disabled={found.isFetching} onClick={() => setFresh(fresh + 1)}>
            {t('fields.account.again')}
          </Button>
        </p>
      )}
      {found.hasNextPage ? (
        <Button disabled={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
          {t('fields.account.more')}
        </Button>
      ) : null}
    </div>
  );
}
