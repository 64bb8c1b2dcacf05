import { type FormEvent, type ReactNode, useState } from 'react';
import { Button } from '../kit/Button.tsx';
import { Failure } from '../kit/Failure.tsx';
import { TextField } from '../kit/TextField.tsx';
import { useTexts } from '../preferences.ts';
import { useEntrance } from '../session.tsx';
import icon from '../kit/icon.svg';
import styles from './SignIn.module.css';

/** Asks for a token. */
export function SignIn(): ReactNode {
  const t = useTexts();
  const { signIn } = useEntrance();
  const [token, setToken] = useState('');
  const [failure, setFailure] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setFailure(undefined);
    try {
      await signIn(token.trim());
    } catch (error) {
      setFailure(error);
      setBusy(false);
    }
  };
  return (
    <main className={styles['page']}>
      <form className={styles['form']} onSubmit={(event) => void submit(event)}>
        <img src={icon} alt="" width={40} height={40} />
        <h1>{t('signin.title')}</h1>
        <TextField
          label={t('signin.token')}
          hint={t('signin.where')}
          type="password"
          value={token}
          onChange={setToken}
          required
          autoFocus
        />
        {failure === undefined ? null : <Failure error={failure} />}
        <Button type="submit" look="primary" disabled={busy || token.trim() === ''}>
          {t('signin.submit')}
        </Button>
      </form>
    </main>
  );
}
