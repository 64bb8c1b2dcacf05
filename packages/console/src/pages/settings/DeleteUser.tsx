import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { AnswerOf } from '@waybill/api';
import { type ReactNode, useState } from 'react';
import { Button } from '../../kit/Button.tsx';
import { Dialog } from '../../kit/Dialog.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { Switch } from '../../kit/Switch.tsx';
import { TextField } from '../../kit/TextField.tsx';
import { useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';
import { Answer, Deletions } from './Deletions.tsx';
import styles from './Settings.module.css';

type Deletion = AnswerOf<'POST /api/deletions'>[number];

/** Has a user deleted by every destination that can. */
export function DeleteUser(): ReactNode {
  const t = useTexts();
  const client = useClient();
  const [userId, setUserId] = useState('');
  const [email, setEmail] = useState('');
  const [anonymousId, setAnonymousId] = useState('');
  const [suppress, setSuppress] = useState(true);
  const [asking, setAsking] = useState(false);
  const queries = useQueryClient();
  const name = userId.trim() || email.trim() || anonymousId.trim();
  const remove = useMutation({
    mutationFn: (attempt: number) =>
      client.post('/api/deletions', {
        body: {
          ...(userId.trim() === '' ? {} : { userId: userId.trim() }),
          ...(email.trim() === '' ? {} : { email: email.trim() }),
          ...(anonymousId.trim() === '' ? {} : { anonymousId: anonymousId.trim() }),
          attempt,
          suppress,
        },
      }),
    onSettled() {
      setAsking(false);
      void queries.invalidateQueries({ queryKey: ['deletions'] });
    },
  });
  const change = (set: (value: string) => void) => (value: string) => {
    set(value);
    remove.reset();
  };
  return (
    <div className={styles['form']}>
      <p>{t('settings.delete.about')}</p>
      <TextField label={t('settings.delete.user')} value={userId} onChange={change(setUserId)} />
      <TextField
        label={t('settings.delete.email')}
        hint={t('settings.delete.either')}
        value={email}
        onChange={change(setEmail)}
      />
      <TextField
        label={t('settings.delete.anonymous')}
        value={anonymousId}
        onChange={change(setAnonymousId)}
      />
      <Switch label={t('settings.delete.suppress')} checked={suppress} onChange={setSuppress} />
      <div>
        <Button look="danger" disabled={name === '' || remove.isPending} onClick={() => setAsking(true)}>
          {t('settings.delete.action')}
        </Button>
      </div>
      {remove.isError ? <Failure error={remove.error} /> : null}
      {remove.data === undefined ? null : (
        <Answers answers={remove.data} onAgain={() => remove.mutate(remove.variables + 1)} />
      )}
      {asking ? (
        <Confirm
          name={name}
          busy={remove.isPending}
          onClose={() => setAsking(false)}
          onConfirm={() => remove.mutate(1)}
        />
      ) : null}
      <Deletions />
    </div>
  );
}

function Confirm({
  name,
  busy,
  onClose,
  onConfirm,
}: {
  readonly name: string;
  readonly busy: boolean;
  readonly onClose: () => void;
  readonly onConfirm: () => void;
}): ReactNode {
  const t = useTexts();
  const [typed, setTyped] = useState('');
  return (
    <Dialog
      title={t('settings.delete.title', { name })}
      open
      onClose={onClose}
      actions={
        <Button look="danger" disabled={busy || typed.trim() !== name} onClick={onConfirm}>
          {t('settings.delete.now')}
        </Button>
      }
    >
      <p>{t('settings.delete.effect')}</p>
      <TextField label={t('settings.delete.confirm', { name })} value={typed} onChange={setTyped} autoFocus />
    </Dialog>
  );
}

function Answers({
  answers,
  onAgain,
}: {
  readonly answers: readonly Deletion[];
  readonly onAgain: () => void;
}): ReactNode {
  const t = useTexts();
  if (answers.length === 0) return <p role="status">{t('settings.delete.none')}</p>;
  return (
    <section role="status">
      <h2>{t('settings.delete.results')}</h2>
      <ul className={styles['writes']}>
        {answers.map((answer) => (
          <Answer key={answer.destination} answer={answer} />
        ))}
      </ul>
      {answers.some(({ outcome }) => outcome.status === 'retry') ? (
        <Button onClick={onAgain}>{t('settings.delete.again')}</Button>
      ) : null}
    </section>
  );
}
