import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { Badge } from '../../kit/Badge.tsx';
import { Button } from '../../kit/Button.tsx';
import { Copy } from '../../kit/Copy.tsx';
import { Dialog } from '../../kit/Dialog.tsx';
import { Empty } from '../../kit/Empty.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { Loading } from '../../kit/Loading.tsx';
import { TextField } from '../../kit/TextField.tsx';
import { useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';
import { curlOf, newWriteKey } from './snippet.ts';
import styles from '../../kit/List.module.css';

/** The sources, and a new one. */
export default function Sources(): ReactNode {
  const t = useTexts();
  const client = useClient();
  const [creating, setCreating] = useState(false);
  const sources = useQuery({ queryKey: ['sources'], queryFn: () => client.get('/api/sources') });
  if (sources.isError) return <Failure error={sources.error} onRetry={() => void sources.refetch()} />;
  if (sources.data === undefined) return <Loading />;
  const create = (
    <Button look="primary" onClick={() => setCreating(true)}>
      {t('sources.create')}
    </Button>
  );
  return (
    <>
      <div className={styles['top']}>
        <h1>{t('sources.title')}</h1>
        {sources.data.length === 0 ? null : create}
      </div>
      {sources.data.length === 0 ? (
        <Empty title={t('sources.none')}>{create}</Empty>
      ) : (
        <ul className={styles['list']} aria-label={t('sources.title')}>
          {sources.data.map(({ id, name, type = 'tracking', enabled = true }) => (
            <li key={id} className={styles['row']}>
              <Link to="/sources/$id" params={{ id }}>
                {name ?? id}
              </Link>
              <code>{id}</code>
              <span>{type}</span>
              <Badge state={enabled ? 'delivered' : 'skipped'}>{t(enabled ? 'state.on' : 'state.off')}</Badge>
            </li>
          ))}
        </ul>
      )}
      {creating ? <CreateSource onClose={() => setCreating(false)} /> : null}
    </>
  );
}

function CreateSource({ onClose }: { readonly onClose: () => void }): ReactNode {
  const t = useTexts();
  const client = useClient();
  const queries = useQueryClient();
  const [id, setId] = useState('');
  const [name, setName] = useState('');
  const [failure, setFailure] = useState<unknown>();
  const [writeKey, setWriteKey] = useState<string>();
  const create = async (): Promise<void> => {
    const key = newWriteKey();
    setFailure(undefined);
    try {
      await client.post('/api/sources', {
        body: { id: id.trim(), ...(name.trim() === '' ? {} : { name: name.trim() }), writeKey: key },
      });
      setWriteKey(key);
      await queries.invalidateQueries({ queryKey: ['sources'] });
    } catch (error) {
      setFailure(error);
    }
  };
  return (
    <Dialog
      title={t('sources.create')}
      open
      onClose={onClose}
      actions={
        writeKey === undefined ? (
          <Button look="primary" disabled={id.trim() === ''} onClick={() => void create()}>
            {t('sources.create')}
          </Button>
        ) : (
          <Button look="primary" onClick={onClose}>
            {t('kit.close')}
          </Button>
        )
      }
    >
      {writeKey === undefined ? (
        <>
          <TextField
            label={t('sources.id')}
            hint={t('sources.id.hint')}
            value={id}
            onChange={setId}
            required
          />
          <TextField label={t('sources.name')} value={name} onChange={setName} />
        </>
      ) : (
        <>
          <p role="status">{t('sources.key.once')}</p>
          <Copy text={writeKey} />
          <h2>{t('sources.send')}</h2>
          <Copy text={curlOf(location.origin, writeKey)} />
        </>
      )}
      {failure === undefined ? null : <Failure error={failure} />}
    </Dialog>
  );
}
