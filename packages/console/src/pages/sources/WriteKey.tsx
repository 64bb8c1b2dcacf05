import type { Source } from '@waybill/api';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { Button } from '../../kit/Button.tsx';
import { Copy } from '../../kit/Copy.tsx';
import { Dialog } from '../../kit/Dialog.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { Select } from '../../kit/Select.tsx';
import { Time } from '../../kit/Time.tsx';
import { useTexts } from '../../preferences.ts';
import { useClient, useSession } from '../../session.tsx';
import sheet from '../../kit/Sheet.module.css';

/** How long the previous key may be accepted, in hours. */
const HOURS = [1, 24, 168, 720, 0] as const;

/** The write key of a source: masked until revealed, and again when the page is left. */
export function WriteKey({
  source,
  version,
  shown,
  onShow,
}: {
  readonly source: Source;
  readonly version: number | undefined;
  /** The key, once revealed. */
  readonly shown: string | undefined;
  readonly onShow: (writeKey: string | undefined) => void;
}): ReactNode {
  const t = useTexts();
  const client = useClient();
  const { role } = useSession();
  const [rotating, setRotating] = useState(false);
  const show = useMutation({
    mutationFn: () => client.post('/api/sources/:id/key', { params: { id: source.id } }),
    onSuccess: ({ writeKey }) => onShow(writeKey),
  });
  const { writeKey } = source;
  if (typeof writeKey === 'object' && '$env' in writeKey)
    return <p>{t('sources.key.variable', { name: writeKey.$env })}</p>;
  return (
    <>
      <div className={sheet['row']}>
        {shown === undefined ? (
          <code aria-label={t('sources.key.masked')} role="img">
            ••••••••••••••••
          </code>
        ) : (
          <Copy text={shown} />
        )}
        {role === 'read' ? null : (
          <>
            {shown === undefined ? (
              <Button disabled={show.isPending} onClick={() => show.mutate()}>
                {t('sources.key.show')}
              </Button>
            ) : (
              <Button onClick={() => onShow(undefined)}>{t('sources.key.hide')}</Button>
            )}
            <Button onClick={() => setRotating(true)}>{t('sources.key.rotate')}</Button>
          </>
        )}
      </div>
      <p className={sheet['muted']}>{t(role === 'read' ? 'sources.key.role' : 'sources.key.audited')}</p>
      {show.isError ? <Failure error={show.error} /> : null}
      <EarlierKeys source={source} version={version} />
      {rotating ? <RotateKey id={source.id} onClose={() => setRotating(false)} onDone={onShow} /> : null}
    </>
  );
}

/** Earlier keys that are still accepted, with their end. */
function EarlierKeys({
  source,
  version,
}: Pick<Parameters<typeof WriteKey>[0], 'source' | 'version'>): ReactNode {
  const t = useTexts();
  const client = useClient();
  const queries = useQueryClient();
  const { role } = useSession();
  const end = useMutation({
    mutationFn: () => {
      const { earlierKeys: _ended, ...body } = source;
      return client.put('/api/sources/:id', { params: { id: source.id }, body, ifMatch: version ?? '*' });
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['sources'] }),
  });
  const now = Date.now();
  const taken = (source.earlierKeys ?? []).filter(({ until }) => Date.parse(until) > now);
  if (taken.length === 0) return null;
  return (
    <>
      <ul className={sheet['plain']}>
        {taken.map(({ until }) => (
          <li key={until}>
            {t('sources.key.earlier')} <Time at={until} absolute />
          </li>
        ))}
      </ul>
      {role === 'read' ? null : (
        <Button disabled={end.isPending} onClick={() => end.mutate()}>
          {t('sources.key.end')}
        </Button>
      )}
      {end.isError ? <Failure error={end.error} /> : null}
    </>
  );
}

/** Rotates the key, with a time for which the previous one is accepted. */
function RotateKey({
  id,
  onClose,
  onDone,
}: {
  readonly id: string;
  readonly onClose: () => void;
  readonly onDone: (writeKey: string) => void;
}): ReactNode {
  const t = useTexts();
  const client = useClient();
  const queries = useQueryClient();
  const [hours, setHours] = useState('24');
  const rotate = useMutation({
    mutationFn: () =>
      client.post('/api/sources/:id/key', {
        params: { id },
        body: { rotate: true, keptHours: Number(hours) },
      }),
    async onSuccess({ writeKey }) {
      onDone(writeKey);
      await queries.invalidateQueries({ queryKey: ['sources'] });
      onClose();
    },
  });
  return (
    <Dialog
      title={t('sources.key.rotate')}
      open
      onClose={onClose}
      actions={
        <Button
          look={hours === '0' ? 'danger' : 'primary'}
          disabled={rotate.isPending}
          onClick={() => rotate.mutate()}
        >
          {t('sources.key.rotate')}
        </Button>
      }
    >
      <p>{t('sources.rotate.about')}</p>
      <Select
        label={t('sources.rotate.kept')}
        value={hours}
        onChange={setHours}
        options={HOURS.map((one) => [String(one), t(`sources.rotate.${one}`)] as const)}
      />
      {hours === '0' ? <p>{t('sources.rotate.leaked')}</p> : null}
      {rotate.isError ? <Failure error={rotate.error} /> : null}
    </Dialog>
  );
}
