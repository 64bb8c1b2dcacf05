import { ApiError } from '@waybill/api/client';
import type { MappingConfig } from '@waybill/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { differencesOf } from '../../editor/differences.ts';
import { Button } from '../../kit/Button.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';
import styles from './Mapping.module.css';
import type { Editing, Place } from './use-editing.ts';

/** Why the mapping could not be saved; after a concurrent change, with both versions to choose from. */
export function Unsaved({ editing, place }: { readonly editing: Editing; readonly place: Place }): ReactNode {
  const t = useTexts();
  const { error, config } = editing;
  if (error === undefined) return null;
  const isConflict = error instanceof ApiError && (error.status === 409 || error.status === 428);
  return (
    <div className={styles['stack']}>
      {isConflict ? <p>{t('editor.conflict')}</p> : null}
      <Failure error={error} />
      {isConflict ? (
        <>
          <Both key={error.message} place={place} mine={config} />
          <div className={styles['line']}>
            <Button onClick={editing.overwrite}>{t('editor.conflict.mine')}</Button>
            <Button onClick={() => void editing.takeTheirs()}>{t('editor.conflict.theirs')}</Button>
          </div>
        </>
      ) : null}
    </div>
  );
}

/** The differences between the saved draft of another person and the local one. */
function Both({ place, mine }: { readonly place: Place; readonly mine: MappingConfig }): ReactNode {
  const t = useTexts();
  const client = useClient();
  const theirs = useQuery({
    queryKey: ['mapping', place.id, place.mapping, 'theirs'],
    // Every conflict is about a different draft.
    gcTime: 0,
    queryFn: () =>
      client.get('/api/destinations/:id/mappings/:mapping/draft', {
        params: { id: place.id, mapping: place.mapping },
      }),
  });
  if (theirs.isError) return <Failure error={theirs.error} />;
  if (theirs.data === undefined) return null;
  return (
    <section aria-label={t('editor.conflict.both')}>
      <dl className={styles['differences']}>
        {differencesOf(theirs.data.mapping, mine).map(({ path, from, to }) => (
          <div key={path}>
            <dt>
              <code>{path}</code>
            </dt>
            <dd>{t('editor.conflict.their', { value: textOf(from) })}</dd>
            <dd>{t('editor.conflict.my', { value: textOf(to) })}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function textOf(value: unknown): string {
  return JSON.stringify(value) ?? '—';
}
