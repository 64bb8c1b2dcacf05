import type { MappingConfig } from '@waybill/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { Button } from '../../kit/Button.tsx';
import { Dialog } from '../../kit/Dialog.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { TextField } from '../../kit/TextField.tsx';
import { Time } from '../../kit/Time.tsx';
import { useUndo } from '../../kit/Undo.tsx';
import { useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';
import styles from './Mapping.module.css';
import { Outlook } from './Outlook.tsx';
import type { Editing, Place } from './use-editing.ts';

/** Publishes the draft, with a note for the history. */
export function Publish({
  editing,
  place,
  reason,
}: {
  readonly editing: Editing;
  readonly place: Place;
  /** Why it cannot be published now. */
  readonly reason: string | undefined;
}): ReactNode {
  const t = useTexts();
  const [isOpen, setOpen] = useState(false);
  const [note, setNote] = useState('');
  const publish = useMutation({
    mutationFn: () => editing.publish(note.trim()),
    onSuccess: () => {
      setOpen(false);
      setNote('');
    },
  });
  const isOff = reason !== undefined || editing.state === 'same';
  return (
    <>
      <Button
        look="primary"
        disabled={isOff}
        title={reason ?? (isOff ? t('editor.same') : undefined)}
        onClick={() => setOpen(true)}
      >
        {t('editor.publish')}
      </Button>
      <Dialog
        title={t('editor.publish')}
        open={isOpen}
        onClose={() => setOpen(false)}
        actions={
          <Button look="primary" disabled={publish.isPending} onClick={() => publish.mutate()}>
            {t('editor.publish')}
          </Button>
        }
      >
        <p>{t('editor.publish.how')}</p>
        <Differences editing={editing} />
        {isOpen ? <Outlook editing={editing} place={place} /> : null}
        <TextField label={t('editor.publish.note')} value={note} onChange={setNote} />
        {publish.isError ? <Failure error={publish.error} /> : null}
      </Dialog>
    </>
  );
}

/** The differences of the draft to the current mapping, by member and field. */
function Differences({ editing }: { readonly editing: Editing }): ReactNode {
  const t = useTexts();
  const flat = (config: object | undefined): ReadonlyMap<string, string> => {
    const { mapping, version: _version, ...rest } = (config ?? {}) as Record<string, unknown>;
    const fields = Object.entries((mapping ?? {}) as object);
    return new Map(
      [...Object.entries(rest), ...fields.map(([name, value]) => [`mapping.${name}`, value] as const)].map(
        // Line breaks and quotes of a trigger are shown literally.
        ([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)],
      ),
    );
  };
  const [before, after] = [flat(editing.stored.live), flat(editing.config)];
  const names = [...new Set([...before.keys(), ...after.keys()])].filter(
    (name) => before.get(name) !== after.get(name),
  );
  return (
    <dl className={styles['differences']} aria-label={t('editor.publish.changed')}>
      {names.map((name) => (
        <div key={name}>
          <dt>
            <code>{name}</code>
          </dt>
          <dd>
            {before.has(name) ? <del>{before.get(name)}</del> : null}
            {after.has(name) ? <ins>{after.get(name)}</ins> : null}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** Discards the draft, which can be undone for a while. */
export function Discard({
  editing,
  name,
}: {
  readonly editing: Editing;
  /** The name of the mapping. */
  readonly name: string;
}): ReactNode {
  const t = useTexts();
  const undo = useUndo();
  const discard = useMutation({
    mutationFn: () => editing.discard(),
    onSuccess: (takeBack) => undo({ text: t('editor.discarded', { name }), takeBack }),
  });
  return (
    <Button look="quiet" disabled={discard.isPending} onClick={() => discard.mutate()}>
      {t('editor.discard')}
    </Button>
  );
}

/** Restores an earlier version. */
export function RollBack({
  editing,
  place,
}: {
  readonly editing: Editing;
  readonly place: Place;
}): ReactNode {
  const t = useTexts();
  const client = useClient();
  const [isOpen, setOpen] = useState(false);
  const { version: current } = editing.stored;
  const versions = useQuery({
    queryKey: ['versions', place.id, place.mapping, current],
    enabled: isOpen,
    queryFn: () =>
      client.get('/api/destinations/:id/mappings/:mapping/versions', {
        params: { id: place.id, mapping: place.mapping },
        query: { limit: 50 },
      }),
  });
  const restore = useMutation({
    mutationFn: (version: number) => editing.restore(version),
    onSuccess: () => setOpen(false),
  });
  const draft = useMutation({
    mutationFn: async (version: number) => {
      const { content } = await client.get('/api/destinations/:id/mappings/:mapping/versions/:version', {
        params: { id: place.id, mapping: place.mapping, version },
      });
      editing.change({ ...(content as MappingConfig), id: place.mapping });
    },
    onSuccess: () => setOpen(false),
  });
  const earlier = versions.data?.filter(({ version, removed }) => version !== current && removed !== true);
  return (
    <>
      <Button disabled={current === undefined} onClick={() => setOpen(true)}>
        {t('editor.rollback')}
      </Button>
      <Dialog title={t('editor.rollback')} open={isOpen} onClose={() => setOpen(false)}>
        <p>{t('editor.rollback.how')}</p>
        {versions.isError ? <Failure error={versions.error} /> : null}
        {restore.isError ? <Failure error={restore.error} /> : null}
        {draft.isError ? <Failure error={draft.error} /> : null}
        {earlier?.length === 0 ? <p>{t('editor.rollback.none')}</p> : null}
        <ul className={styles['versions']}>
          {earlier?.map(({ version, by, at, note }) => (
            <li key={version}>
              <span>
                {t('editor.version', { version })} · {by} · <Time at={at} />
                {note === undefined ? null : <q>{note}</q>}
              </span>
              <Button
                aria-label={t('editor.rollback.draft.of', { version })}
                disabled={draft.isPending}
                onClick={() => draft.mutate(version)}
              >
                {t('editor.rollback.draft')}
              </Button>
              <Button
                aria-label={t('editor.rollback.to', { version })}
                disabled={restore.isPending}
                onClick={() => restore.mutate(version)}
              >
                {t('editor.rollback')}
              </Button>
            </li>
          ))}
        </ul>
      </Dialog>
    </>
  );
}
