import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { Button } from '../../kit/Button.tsx';
import { Dialog } from '../../kit/Dialog.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { Select } from '../../kit/Select.tsx';
import { TextField } from '../../kit/TextField.tsx';
import { useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';
import { free } from './new-mapping.ts';
import { type Mapping, writtenMappings } from './use-mappings.ts';

/** Duplicates a mapping, here or at another destination of the same product. The copy is disabled, because two would send twice. */
export function Duplicate({
  destination,
  mapping,
  taken,
  onClose,
}: {
  readonly destination: string;
  readonly mapping: Mapping;
  readonly taken: readonly string[];
  readonly onClose: () => void;
}): ReactNode {
  const t = useTexts();
  const client = useClient();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const all = useQuery({
    queryKey: ['destinations'],
    queryFn: () => client.get('/api/destinations'),
  });
  const [to, setTo] = useState(destination);
  const [id, setId] = useState(free(`${mapping.id}-copy`, taken));
  const [failure, setFailure] = useState<unknown>();
  const type = all.data?.find((one) => one.id === destination)?.type;
  const others = (all.data ?? []).filter((one) => one.type === type);
  const copy = async (): Promise<void> => {
    setFailure(undefined);
    try {
      const written = await writtenMappings(client, destination);
      const original = written.find((one) => one.id === mapping.id);
      const name = t('mappings.copy', { name: mapping.name });
      const body = { ...original, id: id.trim(), name, enabled: false };
      await client.post('/api/destinations/:id/mappings', { params: { id: to }, body });
      await queries.invalidateQueries({ queryKey: ['destinations'] });
      onClose();
      await navigate({ to: '/destinations/$id/mappings', params: { id: to } });
    } catch (error) {
      setFailure(error);
    }
  };
  return (
    <Dialog
      title={t('mappings.duplicate.one', { name: mapping.name })}
      open
      onClose={onClose}
      actions={
        <Button look="primary" disabled={id.trim() === ''} onClick={() => void copy()}>
          {t('mappings.duplicate')}
        </Button>
      }
    >
      <p>{t('mappings.duplicate.about')}</p>
      <Select
        label={t('mappings.destination')}
        value={to}
        options={others.map((one) => [one.id, one.name ?? one.id] as const)}
        onChange={setTo}
      />
      <TextField label={t('mappings.id')} value={id} onChange={setId} required />
      {all.isError ? <Failure error={all.error} /> : null}
      {failure === undefined ? null : <Failure error={failure} />}
    </Dialog>
  );
}
