import type { MappingConfig } from '@waybill/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Button } from '../../kit/Button.tsx';
import { Dialog } from '../../kit/Dialog.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { useUndo } from '../../kit/Undo.tsx';
import { useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';
import { type Mapping, writtenMappings } from './use-mappings.ts';

/** Removes a mapping, after confirmation. */
export function Remove({
  destination,
  mapping,
  version,
  onClose,
}: {
  readonly destination: string;
  readonly mapping: Mapping;
  /** The version in the list; undefined for an unedited one. */
  readonly version: number | undefined;
  readonly onClose: () => void;
}): ReactNode {
  const t = useTexts();
  const client = useClient();
  const queries = useQueryClient();
  const undo = useUndo();
  const remove = useMutation({
    mutationFn: async () => {
      const params = { id: destination, mapping: mapping.id };
      const before = await writtenMappings(client, destination);
      await client.delete('/api/destinations/:id/mappings/:mapping', { params, ifMatch: version ?? 0 });
      await queries.invalidateQueries({ queryKey: ['destinations'] });
      return before;
    },
    onSuccess: (before) => {
      onClose();
      undo({ text: t('mappings.removed', { name: mapping.name }), takeBack: () => putBack(before) });
    },
  });
  const putBack = async (before: readonly MappingConfig[]): Promise<void> => {
    const params = { id: destination };
    // The version is read first, so that concurrent changes are refused instead of lost.
    const { version: base } = await client.call('GET /api/destinations/:id', { params });
    const there = await writtenMappings(client, destination);
    const at = before.findIndex((one) => one.id === mapping.id);
    const mappings = there.toSpliced(at, 0, before[at]!);
    await client.patch('/api/destinations/:id', { params, body: { mappings }, ifMatch: base ?? '*' });
    await queries.invalidateQueries({ queryKey: ['destinations'] });
  };
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
