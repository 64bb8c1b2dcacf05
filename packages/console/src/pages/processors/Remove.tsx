import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { Button } from '../../kit/Button.tsx';
import { Dialog } from '../../kit/Dialog.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { TextField } from '../../kit/TextField.tsx';
import { useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';

/** Removes a processor with its states, after its ID is typed. */
export function Remove({
  id,
  version,
}: {
  readonly id: string;
  readonly version: number | undefined;
}): ReactNode {
  const t = useTexts();
  const client = useClient();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [isOpen, setOpen] = useState(false);
  const [typed, setTyped] = useState('');
  const remove = useMutation({
    async mutationFn() {
      await client.delete('/api/processors/:id', { params: { id }, ifMatch: version ?? '*' });
      // The page of a removed item must not refetch.
      await navigate({ to: '/processors' });
      queries.removeQueries({ queryKey: ['processors', id] });
      await queries.invalidateQueries();
    },
  });
  return (
    <>
      <Button look="danger" onClick={() => setOpen(true)}>
        {t('processors.remove')}…
      </Button>
      {isOpen ? (
        <Dialog
          title={t('processors.remove')}
          open
          onClose={() => setOpen(false)}
          actions={
            <Button
              look="danger"
              disabled={typed.trim() !== id || remove.isPending}
              onClick={() => remove.mutate()}
            >
              {t('processors.remove')}
            </Button>
          }
        >
          <p>{t('processors.remove.about')}</p>
          <TextField label={t('destinations.delete.type', { id })} value={typed} onChange={setTyped} />
          {remove.isError ? <Failure error={remove.error} /> : null}
        </Dialog>
      ) : null}
    </>
  );
}
