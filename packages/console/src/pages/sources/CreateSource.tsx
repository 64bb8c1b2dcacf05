import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useId, useState } from 'react';
import { Button } from '../../kit/Button.tsx';
import { Copy } from '../../kit/Copy.tsx';
import { Dialog } from '../../kit/Dialog.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { TextField } from '../../kit/TextField.tsx';
import { useTexts } from '../../preferences.ts';
import { randomText } from '../../random.ts';
import { useClient } from '../../session.tsx';
import { Snippets } from './Snippets.tsx';
import sheet from '../../kit/Sheet.module.css';

/** A new source: its name first, and then its write key with how to send a first event. */
export function CreateSource({
  onClose,
  onCreated,
}: {
  readonly onClose: () => void;
  /** Told the key of the new source. */
  readonly onCreated?: (id: string, writeKey: string) => void;
}): ReactNode {
  const t = useTexts();
  const client = useClient();
  const queries = useQueryClient();
  const form = useId();
  const [id, setId] = useState('');
  const [name, setName] = useState('');
  const create = useMutation({
    async mutationFn() {
      const writeKey = randomText();
      const named = name.trim() === '' ? {} : { name: name.trim() };
      const made = await client.post('/api/sources', { body: { id: id.trim(), ...named, writeKey } });
      return { id: made.id, writeKey };
    },
    async onSuccess(made) {
      onCreated?.(made.id, made.writeKey);
      await queries.invalidateQueries({ queryKey: ['sources'] });
    },
  });
  const made = create.data;
  return (
    <Dialog
      title={t('sources.create')}
      open
      onClose={onClose}
      {...(made === undefined ? {} : { dismiss: t('kit.close') })}
      actions={
        made === undefined ? (
          <Button type="submit" form={form} look="primary" disabled={create.isPending || id.trim() === ''}>
            {t('sources.create')}
          </Button>
        ) : null
      }
    >
      {made === undefined ? (
        <form
          id={form}
          className={sheet['stack']}
          onSubmit={(event) => {
            event.preventDefault();
            create.mutate();
          }}
        >
          <TextField
            label={t('sources.id')}
            hint={t('sources.id.hint')}
            value={id}
            onChange={setId}
            required
            autoFocus
          />
          <TextField label={t('sources.name')} value={name} onChange={setName} />
          {create.isError ? <Failure error={create.error} /> : null}
        </form>
      ) : (
        <>
          <p role="status">{t('sources.key.once')}</p>
          <Copy text={made.writeKey} />
          <Snippets writeKey={made.writeKey} />
          <Link to="/sources/$id" params={{ id: made.id }}>
            {t('sources.watch')}
          </Link>
        </>
      )}
    </Dialog>
  );
}
