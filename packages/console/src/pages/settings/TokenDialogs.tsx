import { useMutation } from '@tanstack/react-query';
import type { NewToken } from '@waybill/api';
import { type ReactNode, useId, useState } from 'react';
import { Button } from '../../kit/Button.tsx';
import { Dialog } from '../../kit/Dialog.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { Select } from '../../kit/Select.tsx';
import { TextField } from '../../kit/TextField.tsx';
import { useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';
import styles from './Settings.module.css';

const ROLES = ['read', 'edit', 'send', 'admin'] as const;

interface Closing {
  readonly onClose: () => void;
  readonly onDone: (made?: NewToken) => Promise<void>;
}

/** Asks for the name and role of a token. */
export function CreateToken({ onClose, onDone }: Closing): ReactNode {
  const t = useTexts();
  const client = useClient();
  const form = useId();
  const [name, setName] = useState('');
  const [role, setRole] = useState<(typeof ROLES)[number]>('read');
  const create = useMutation({
    mutationFn: () => client.post('/api/tokens', { body: { name: name.trim(), role } }),
    onSuccess: onDone,
  });
  return (
    <Dialog
      title={t('settings.token.new')}
      open
      onClose={onClose}
      actions={
        <Button type="submit" form={form} look="primary" disabled={create.isPending || name.trim() === ''}>
          {t('settings.token.create')}
        </Button>
      }
    >
      <form
        id={form}
        className={styles['form']}
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate();
        }}
      >
        <TextField
          label={t('settings.token.name')}
          hint={t('settings.token.name.hint')}
          value={name}
          onChange={setName}
          required
          autoFocus
        />
        <Select
          label={t('settings.token.role')}
          value={role}
          onChange={(value) => setRole(value as typeof role)}
          options={ROLES.map((one) => [one, t(`settings.role.${one}`)] as const)}
        />
        {create.isError ? <Failure error={create.error} /> : null}
      </form>
    </Dialog>
  );
}

/** Renews a token, after an explanation. */
export function RotateToken({
  name,
  isAdmin,
  onClose,
  onDone,
}: Closing & { readonly name: string; readonly isAdmin: boolean }): ReactNode {
  const t = useTexts();
  const client = useClient();
  const rotate = useMutation({
    mutationFn: () => client.post('/api/tokens/:id/rotate', { params: { id: name } }),
    onSuccess: onDone,
  });
  return (
    <Dialog
      title={t('settings.token.rotate.title', { name })}
      open
      onClose={onClose}
      actions={
        <Button look="danger" disabled={rotate.isPending} onClick={() => rotate.mutate()}>
          {t('settings.token.rotate')}
        </Button>
      }
    >
      <p>{t('settings.token.rotate.effect')}</p>
      {isAdmin ? <p>{t('settings.token.rotate.admin')}</p> : null}
      {rotate.isError ? <Failure error={rotate.error} /> : null}
    </Dialog>
  );
}

/** Removes a token, after an explanation. */
export function RemoveToken({ name, onClose, onDone }: Closing & { readonly name: string }): ReactNode {
  const t = useTexts();
  const client = useClient();
  const remove = useMutation({
    mutationFn: () => client.delete('/api/tokens/:id', { params: { id: name } }),
    onSuccess: () => onDone(),
  });
  return (
    <Dialog
      title={t('settings.token.remove.title', { name })}
      open
      onClose={onClose}
      actions={
        <Button look="danger" disabled={remove.isPending} onClick={() => remove.mutate()}>
          {t('settings.token.remove')}
        </Button>
      }
    >
      <p>{t('settings.token.remove.effect')}</p>
      {remove.isError ? <Failure error={remove.error} /> : null}
    </Dialog>
  );
}
