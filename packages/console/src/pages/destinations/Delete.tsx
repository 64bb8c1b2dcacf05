import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { Button } from '../../kit/Button.tsx';
import { Dialog } from '../../kit/Dialog.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { Loading } from '../../kit/Loading.tsx';
import { TextField } from '../../kit/TextField.tsx';
import { useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';
import styles from './Destination.module.css';
import type { LoadedDestination } from './DestinationHead.tsx';
import { useHealth } from './Health.tsx';

/** The way to delete a destination. */
export function Delete({
  id,
  loaded,
}: {
  readonly id: string;
  readonly loaded: LoadedDestination;
}): ReactNode {
  const t = useTexts();
  const [isOpen, setOpen] = useState(false);
  return (
    <section aria-labelledby="delete" className={styles['settings']}>
      <h2 id="delete">{t('destinations.delete')}</h2>
      <p>{t('destinations.delete.about')}</p>
      <Button look="danger" onClick={() => setOpen(true)}>
        {t('destinations.delete')}…
      </Button>
      {isOpen ? <Confirm id={id} loaded={loaded} onClose={() => setOpen(false)} /> : null}
    </section>
  );
}

/** Explains what is lost with a destination, and deletes it after its ID is typed. */
function Confirm({
  id,
  loaded: { body, version },
  onClose,
}: {
  readonly id: string;
  readonly loaded: LoadedDestination;
  readonly onClose: () => void;
}): ReactNode {
  const t = useTexts();
  const client = useClient();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [typed, setTyped] = useState('');
  const health = useHealth(id);
  const remove = useMutation({
    mutationFn: async () => {
      await client.delete('/api/destinations/:id', { params: { id }, ifMatch: version ?? '*' });
      // The page of a deleted item must not refetch.
      await navigate({ to: '/destinations' });
      queries.removeQueries({ queryKey: ['destinations', id] });
      await queries.invalidateQueries();
    },
  });
  const { lane, deadLetters } = health.data ?? {};
  return (
    <Dialog
      title={t('destinations.delete.title', { name: body.name ?? id })}
      open
      onClose={onClose}
      actions={
        <Button
          look="danger"
          disabled={typed.trim() !== id || health.data === undefined || remove.isPending}
          onClick={() => remove.mutate()}
        >
          {t('destinations.delete')}
        </Button>
      }
    >
      {health.isError ? <Failure error={health.error} onRetry={() => void health.refetch()} /> : null}
      {health.isPending ? <Loading /> : null}
      {health.data === undefined ? null : (
        <ul className={styles['lost']}>
          <li>{t('destinations.delete.waiting', { count: lane?.waiting ?? 0 })}</li>
          <li>{t('destinations.delete.lag', { count: lane?.lag ?? 0 })}</li>
          <li>{t('destinations.delete.deadLetters', { count: deadLetters ?? 0 })}</li>
          <li>{t('destinations.delete.mappings', { count: body.mappings.length })}</li>
          <li>{t('destinations.delete.memory')}</li>
        </ul>
      )}
      <p>{t('destinations.delete.stays')}</p>
      <TextField label={t('destinations.delete.type', { id })} value={typed} onChange={setTyped} />
      {remove.isError ? <Failure error={remove.error} /> : null}
    </Dialog>
  );
}
