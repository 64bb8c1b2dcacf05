import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Button } from '../../kit/Button.tsx';
import { Dialog } from '../../kit/Dialog.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';
import type { Mapping } from './use-mappings.ts';

/** Removes a mapping, once it is confirmed what that means. */
export function Remove({
  destination,
  mapping,
  version,
  onClose,
}: {
  readonly destination: string;
  readonly mapping: Mapping;
  /** The version that the list shows; undefined for one that nobody has edited. */
  readonly version: number | undefined;
  readonly onClose: () => void;
}): ReactNode {
  const t = useTexts();
  const client = useClient();
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: async () => {
      const params = { id: destination, mapping: mapping.id };
      await client.delete('/api/destinations/:id/mappings/:mapping', { params, ifMatch: version ?? 0 });
      await queries.invalidateQueries({ queryKey: ['destinations'] });
    },
    onSuccess: onClose,
  });
  return (
    <Dialog
      title={t('mappings.remove.one', { name: mapping.name })}
      open
      onClose={onClose}
      actions={
        <Button look="danger" disabled={remove.isPending} onClick={() => remove.mutate()}>
          {t('mappings.remove')}
        </Button>
      }
    >
      <p>{t('mappings.remove.about')}</p>
      {remove.isError ? <Failure error={remove.error} /> : null}
    </Dialog>
  );
}
