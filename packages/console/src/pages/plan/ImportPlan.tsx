import type { TrackingPlan } from '@waybill/core';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { Button } from '../../kit/Button.tsx';
import { Dialog } from '../../kit/Dialog.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { JsonFile } from '../../kit/JsonFile.tsx';
import { TextField } from '../../kit/TextField.tsx';
import { useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';

/** Reads a plan that Segment's Protocols has exported. */
export function ImportPlan({
  onImport,
  onClose,
}: {
  readonly onImport: (plan: TrackingPlan, left: readonly string[]) => void;
  readonly onClose: () => void;
}): ReactNode {
  const t = useTexts();
  const client = useClient();
  const [text, setText] = useState('');
  const read = useMutation({
    mutationFn: async () =>
      client.post('/api/tracking-plan/import', { body: { exported: JSON.parse(text) as unknown } }),
    onSuccess: ({ plan, left }) => onImport(plan, left),
  });
  return (
    <Dialog
      title={t('plan.import')}
      open
      onClose={onClose}
      actions={
        <Button look="primary" disabled={text.trim() === '' || read.isPending} onClick={() => read.mutate()}>
          {t('plan.import.read')}
        </Button>
      }
    >
      <p>{t('plan.import.about')}</p>
      <JsonFile label={t('plan.import.file')} onText={setText} />
      <TextField label={t('plan.import.text')} rows={10} value={text} onChange={setText} />
      {read.isError ? <Failure error={read.error} /> : null}
    </Dialog>
  );
}
