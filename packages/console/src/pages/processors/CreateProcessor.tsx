import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useId, useState } from 'react';
import { Button } from '../../kit/Button.tsx';
import { Dialog } from '../../kit/Dialog.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { Select } from '../../kit/Select.tsx';
import { TextField } from '../../kit/TextField.tsx';
import { useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';
import { Asked, type Draft } from './Asked.tsx';
import sheet from '../../kit/Sheet.module.css';

/** A new processor: its ID, type and settings. Opens after creation. */
export function CreateProcessor({ onClose }: { readonly onClose: () => void }): ReactNode {
  const t = useTexts();
  const client = useClient();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const form = useId();
  const types = useQuery({
    queryKey: ['processor-types'],
    queryFn: () => client.get('/api/processor-types'),
  });
  const others = useQuery({ queryKey: ['processors'], queryFn: () => client.get('/api/processors') });
  const [id, setId] = useState('');
  const [slug, setSlug] = useState('');
  const [draft, setDraft] = useState<Draft>({ settings: {} });
  const type = types.data?.find((one) => one.slug === slug);
  const create = useMutation({
    mutationFn: () => client.post('/api/processors', { body: { id: id.trim(), type: slug, ...draft } }),
    async onSuccess(made) {
      await queries.invalidateQueries({ queryKey: ['processors'] });
      await navigate({ to: '/processors/$id', params: { id: made.id } });
    },
  });
  return (
    <Dialog
      title={t('processors.create')}
      open
      onClose={onClose}
      actions={
        <Button
          type="submit"
          form={form}
          look="primary"
          disabled={create.isPending || id.trim() === '' || type === undefined}
        >
          {t('processors.create')}
        </Button>
      }
    >
      <form
        id={form}
        className={sheet['stack']}
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate();
        }}
      >
        <Select
          label={t('processors.type')}
          value={slug}
          options={[['', '…'], ...(types.data ?? []).map((one) => [one.slug, one.name] as const)]}
          onChange={(next) => {
            // The default name, until edited.
            if (id === '' || id === slug) setId(next);
            setSlug(next);
            setDraft({ settings: {} });
          }}
        />
        <TextField label={t('sources.id')} hint={t('sources.id.hint')} value={id} onChange={setId} required />
        {type === undefined ? null : (
          <Asked
            type={type}
            before={(others.data ?? []).map((one) => one.id)}
            draft={draft}
            onChange={setDraft}
          />
        )}
        {create.isError ? <Failure error={create.error} /> : null}
        {types.isError ? <Failure error={types.error} /> : null}
      </form>
    </Dialog>
  );
}
