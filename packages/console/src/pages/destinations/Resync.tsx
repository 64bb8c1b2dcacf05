import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { Button } from '../../kit/Button.tsx';
import { Dialog } from '../../kit/Dialog.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { TextField } from '../../kit/TextField.tsx';
import { useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';
import styles from './Destination.module.css';

/** Forgets what was delivered, for one user or all, so that delta mappings send everything again. */
export function Resync({ id }: { readonly id: string }): ReactNode {
  const t = useTexts();
  const client = useClient();
  const [isOpen, setOpen] = useState(false);
  const [user, setUser] = useState('');
  const forget = useMutation({
    mutationFn: () => {
      const body = user.trim() === '' ? {} : { user: user.trim() };
      return client.post('/api/destinations/:id/resync', { params: { id }, body });
    },
    onSuccess: () => setOpen(false),
  });
  const button = t('destinations.resync');
  return (
    <section aria-labelledby="resync" className={styles['settings']}>
      <h2 id="resync">{button}</h2>
      <p>{t('destinations.resync.about')}</p>
      <Button onClick={() => setOpen(true)}>{button}…</Button>
      <p role="status">
        {forget.data === undefined ? '' : t('destinations.resync.done', { count: forget.data.forgotten })}
      </p>
      <Dialog
        title={button}
        open={isOpen}
        onClose={() => setOpen(false)}
        actions={
          <Button look="danger" disabled={forget.isPending} onClick={() => forget.mutate()}>
            {button}
          </Button>
        }
      >
        <p>{t(user.trim() === '' ? 'destinations.resync.all' : 'destinations.resync.one')}</p>
        <TextField
          label={t('destinations.resync.user')}
          hint={t('destinations.resync.user.hint')}
          value={user}
          onChange={setUser}
        />
        {forget.isError ? <Failure error={forget.error} /> : null}
      </Dialog>
    </section>
  );
}
