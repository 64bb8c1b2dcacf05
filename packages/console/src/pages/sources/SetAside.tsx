import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Badge } from '../../kit/Badge.tsx';
import { Button } from '../../kit/Button.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { Loading } from '../../kit/Loading.tsx';
import { Reason } from '../../kit/Remedy.tsx';
import { Time } from '../../kit/Time.tsx';
import { useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';
import list from '../../kit/List.module.css';
import sheet from '../../kit/Sheet.module.css';
import styles from './Source.module.css';

/** The polling interval of rows that were set aside, in milliseconds. */
const LOOK = 3_000;

/** The unreadable rows of a shop: why, their content, and reading them again. */
export function SetAside({ id }: { readonly id: string }): ReactNode {
  const t = useTexts();
  const client = useClient();
  const queries = useQueryClient();
  const rows = useQuery({
    queryKey: ['aside', id],
    refetchInterval: LOOK,
    queryFn: () => client.get('/api/sources/:id/set-aside', { params: { id } }),
  });
  const again = useMutation({
    mutationFn: (keys: readonly string[] | undefined) =>
      client.post('/api/sources/:id/set-aside/read', {
        params: { id },
        body: keys === undefined ? {} : { keys: [...keys] },
      }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['aside', id] }),
  });
  if (rows.isError) return <Failure error={rows.error} />;
  if (rows.data === undefined) return <Loading />;
  return (
    <>
      {rows.data.length === 0 ? (
        <p>{t('reading.aside.none')}</p>
      ) : (
        <Button onClick={() => again.mutate(undefined)} disabled={again.isPending}>
          {t('reading.aside.all')}
        </Button>
      )}
      {again.isError ? <Failure error={again.error} /> : null}
      <p role="status">
        {again.data === undefined ? null : t('reading.aside.reading', { count: again.data.reading })}
      </p>
      {rows.data.length === 0 ? null : (
        <ul className={list['list']} aria-label={t('reading.aside')}>
          {rows.data.map(({ key, stream, row, at, code, message, text }) => (
            <li key={key} className={styles['refusal']}>
              <div className={sheet['row']}>
                <Badge state="rejected">{code}</Badge>
                <strong>{stream}</strong>
                {row === undefined ? null : <code>{row}</code>}
                <Time at={at} />
                <Button onClick={() => again.mutate([key])} disabled={again.isPending}>
                  {t('reading.aside.one', { row: `${stream} ${row ?? ''}`.trim() })}
                </Button>
              </div>
              <Reason code={code}>{message}</Reason>
              {text === undefined ? null : (
                <details>
                  <summary>{t('reading.aside.text')}</summary>
                  <code>{text}</code>
                </details>
              )}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
