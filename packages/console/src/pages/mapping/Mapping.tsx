import { Link, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Empty } from '../../kit/Empty.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { Loading } from '../../kit/Loading.tsx';
import { useTexts } from '../../preferences.ts';
import { Editor } from './Editor.tsx';
import { type Place, useStored } from './use-editing.ts';

/** The editor of a mapping, with navigation to the others. */
export default function Mapping(): ReactNode {
  const t = useTexts();
  const { id = '', mapping = '' } = useParams({ strict: false }) as { id?: string; mapping?: string };
  return (
    <>
      <p>
        <Link to="/destinations/$id/mappings" params={{ id }}>
          ← {t('editor.others', { id })}
        </Link>
      </p>
      <Stored place={{ id, mapping }} />
    </>
  );
}

function Stored({ place }: { readonly place: Place }): ReactNode {
  const t = useTexts();
  const { id, mapping } = place;
  const loaded = useStored(place);
  switch (loaded.state) {
    case 'loading':
      return <Loading />;
    case 'failed':
      return (
        <>
          <h1>{mapping}</h1>
          <Failure error={loaded.error} onRetry={loaded.retry} />
        </>
      );
    case 'gone':
      return (
        <>
          <h1>{mapping}</h1>
          <Empty title={t('editor.gone')}>{t('editor.gone.how')}</Empty>
        </>
      );
    case 'ready': {
      const { stored, at, reload } = loaded;
      // Publishing, rolling back and discarding reload from the server.
      const key = `${id}/${mapping} ${at}`;
      return <Editor key={key} place={place} stored={stored} reload={reload} />;
    }
  }
}
