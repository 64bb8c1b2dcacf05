import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { type ReactNode, useId, useState } from 'react';
import { Button } from '../../kit/Button.tsx';
import { Copy } from '../../kit/Copy.tsx';
import { Dialog } from '../../kit/Dialog.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { Select } from '../../kit/Select.tsx';
import { TextField } from '../../kit/TextField.tsx';
import { useTexts } from '../../preferences.ts';
import { randomText } from '../../random.ts';
import { useClient } from '../../session.tsx';
import type { SettingsDraft } from '../destinations/settings.ts';
import { SettingsForm } from '../destinations/SettingsForm.tsx';
import { Snippets } from './Snippets.tsx';
import sheet from '../../kit/Sheet.module.css';

/** The type of a source to which events are sent; it has no settings. */
const TRACKING = 'tracking';

/** A new source being edited. */
interface Draft {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly settings: SettingsDraft;
}

/**
 * A new source: its name, type and settings. For one with a write key, shows the key, and how to send a first event; opens others.
 */
export function CreateSource({
  onClose,
  onCreated,
}: {
  readonly onClose: () => void;
  /** Called with the key of the new source. */
  readonly onCreated?: (id: string, writeKey: string) => void;
}): ReactNode {
  const t = useTexts();
  const client = useClient();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const form = useId();
  const [draft, setDraft] = useState<Draft>({ id: '', name: '', type: TRACKING, settings: {} });
  const create = useMutation({
    async mutationFn() {
      const { type, settings } = draft;
      const [id, name] = [draft.id.trim(), draft.name.trim()];
      const writeKey = type === TRACKING ? randomText() : undefined;
      const how = writeKey === undefined ? { type, settings } : { writeKey };
      const made = await client.post('/api/sources', {
        body: { id, ...(name === '' ? {} : { name }), ...how },
      });
      return { id: made.id, writeKey };
    },
    async onSuccess({ id, writeKey }) {
      if (writeKey !== undefined) onCreated?.(id, writeKey);
      await queries.invalidateQueries({ queryKey: ['sources'] });
      if (writeKey === undefined) await navigate({ to: '/sources/$id', params: { id } });
    },
  });
  const { id, writeKey } = create.data ?? {};
  const isShown = id !== undefined && writeKey !== undefined;
  return (
    <Dialog
      title={t('sources.create')}
      open
      onClose={onClose}
      {...(isShown ? { dismiss: t('kit.close') } : {})}
      actions={
        isShown ? null : (
          <Button
            type="submit"
            form={form}
            look="primary"
            disabled={create.isPending || draft.id.trim() === ''}
          >
            {t('sources.create')}
          </Button>
        )
      }
    >
      {isShown ? (
        <NewKey id={id} writeKey={writeKey} />
      ) : (
        <form
          id={form}
          className={sheet['stack']}
          onSubmit={(event) => {
            event.preventDefault();
            create.mutate();
          }}
        >
          <Asked draft={draft} onChange={setDraft} />
          {create.isError ? <Failure error={create.error} /> : null}
        </form>
      )}
    </Dialog>
  );
}

function Asked({
  draft,
  onChange,
}: {
  readonly draft: Draft;
  readonly onChange: (draft: Draft) => void;
}): ReactNode {
  const t = useTexts();
  const client = useClient();
  const types = useQuery({ queryKey: ['source-types'], queryFn: () => client.get('/api/source-types') });
  const { id, name, type, settings } = draft;
  const chosen = types.data?.find(({ slug }) => slug === type);
  return (
    <>
      <TextField
        label={t('sources.id')}
        hint={t('sources.id.hint')}
        value={id}
        onChange={(next) => onChange({ ...draft, id: next })}
        required
        autoFocus
      />
      <TextField
        label={t('sources.name')}
        value={name}
        onChange={(next) => onChange({ ...draft, name: next })}
      />
      <Select
        label={t('sources.type')}
        hint={chosen?.description ?? t('sources.type.tracking.hint')}
        value={type}
        options={[
          [TRACKING, t('sources.type.tracking')],
          ...(types.data ?? []).map((one) => [one.slug, one.name] as const),
        ]}
        onChange={(next) => onChange({ ...draft, type: next, settings: {} })}
      />
      {chosen === undefined ? null : (
        <SettingsForm
          key={type}
          canName
          fields={chosen.settings}
          draft={settings}
          onChange={(next) => onChange({ ...draft, settings: next })}
        />
      )}
      {types.isError ? <Failure error={types.error} /> : null}
    </>
  );
}

function NewKey({ id, writeKey }: { readonly id: string; readonly writeKey: string }): ReactNode {
  const t = useTexts();
  return (
    <>
      <p role="status">{t('sources.key.once')}</p>
      <Copy text={writeKey} />
      <Snippets writeKey={writeKey} />
      <Link to="/sources/$id" params={{ id }}>
        {t('sources.watch')}
      </Link>
    </>
  );
}
