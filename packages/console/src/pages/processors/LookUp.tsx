import { ApiError } from '@waybill/api/client';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { Button } from '../../kit/Button.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { Json } from '../../kit/Json.tsx';
import { Loading } from '../../kit/Loading.tsx';
import { Select } from '../../kit/Select.tsx';
import { TextField } from '../../kit/TextField.tsx';
import { Time } from '../../kit/Time.tsx';
import { useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';
import sheet from '../../kit/Sheet.module.css';

/** The look-up methods, with their key prefixes. */
const WAYS = { userId: 'u:', email: 'e:', anonymousId: 'a:' } as const;
const NAMES = ['userId', 'email', 'anonymousId'] as const;

/** A user to look up. */
export interface Wanted {
  readonly by: keyof typeof WAYS;
  readonly value: string;
}

/** Parses the user of a key. */
export function wantedOf(key: string): Wanted {
  return { by: NAMES.find((name) => key.startsWith(WAYS[name])) ?? 'userId', value: key.slice(2) };
}

/** Looks up the state of a user in a processor, the next check, and its notes. */
export function LookUp({
  id,
  wanted,
  onWant,
}: {
  readonly id: string;
  readonly wanted: Wanted | undefined;
  readonly onWant: (wanted: Wanted) => void;
}): ReactNode {
  const t = useTexts();
  const queries = useQueryClient();
  const [typed, setTyped] = useState<Wanted>();
  const { by, value } = typed ?? wanted ?? { by: 'userId', value: '' };
  return (
    <>
      <form
        className={sheet['stack']}
        onSubmit={(event) => {
          event.preventDefault();
          void queries.invalidateQueries({ queryKey: ['processors', id, 'user'] });
          onWant({ by, value: value.trim() });
          setTyped(undefined);
        }}
      >
        <Select
          label={t('processors.lookUp.by')}
          value={by}
          options={NAMES.map((name) => [name, t(`processors.lookUp.${name}`)] as const)}
          onChange={(next) => setTyped({ by: next as Wanted['by'], value })}
        />
        <TextField
          label={t('processors.lookUp.value')}
          value={value}
          onChange={(next) => setTyped({ by, value: next })}
        />
        <div>
          <Button type="submit" disabled={value.trim() === ''}>
            {t('processors.lookUp.go')}
          </Button>
        </div>
      </form>
      {wanted === undefined ? null : <Found id={id} wanted={wanted} />}
    </>
  );
}

function Found({ id, wanted: { by, value } }: { readonly id: string; readonly wanted: Wanted }): ReactNode {
  const t = useTexts();
  const client = useClient();
  const found = useQuery({
    queryKey: ['processors', id, 'user', by, value],
    queryFn: () => client.get('/api/processors/:id/user', { params: { id }, query: { [by]: value } }),
  });
  if (found.error instanceof ApiError && found.error.code === 'request_not_found')
    return <p role="status">{t('processors.lookUp.nothing')}</p>;
  if (found.isError) return <Failure error={found.error} />;
  if (found.data === undefined) return <Loading />;
  const { key, state, timers, notes } = found.data;
  return (
    <div role="status">
      <p>
        {t('processors.lookUp.is')} <code>{key}</code>
      </p>
      <h3>{t('processors.lookUp.state')}</h3>
      <Json value={state} />
      {timers.map(({ name, due }) => (
        <p key={name}>
          {name}: <Time at={due} absolute />
        </p>
      ))}
      <h3>{t('processors.lookUp.notes')}</h3>
      {notes.length === 0 ? <p>{t('processors.lookUp.noNotes')}</p> : null}
      <ul className={sheet['plain']}>
        {notes.map(({ at, note }, index) => (
          <li key={index}>
            <Time at={at} absolute /> {note}
          </li>
        ))}
      </ul>
    </div>
  );
}
