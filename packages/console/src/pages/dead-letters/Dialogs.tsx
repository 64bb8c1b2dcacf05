import { useMutation, useQuery } from '@tanstack/react-query';
import type { AnswerOf } from '@waybill/api';
import { type ReactNode, useState } from 'react';
import { useFormat } from '../../format.ts';
import { Button } from '../../kit/Button.tsx';
import { Dialog } from '../../kit/Dialog.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { Loading } from '../../kit/Loading.tsx';
import { TextField } from '../../kit/TextField.tsx';
import { useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';
import { filterOfGroup, type Group } from './filter.ts';

/** Replays a group, after a preview of its outcomes. */
export function ReplayGroup({
  group,
  onClose,
  onDone,
}: {
  readonly group: Group;
  readonly onClose: () => void;
  /** Called with the time of the replay, which identifies it. */
  readonly onDone: (replayedAt: number) => void;
}): ReactNode {
  const t = useTexts();
  const client = useClient();
  const { number } = useFormat();
  const body = filterOfGroup(group);
  const dry = useQuery({
    queryKey: ['dead-letters', 'dry-run', body],
    queryFn: () => client.post('/api/dead-letters/replay', { body: { ...body, dryRun: true } }),
    staleTime: 0,
  });
  const replay = useMutation({
    mutationFn: () => client.post('/api/dead-letters/replay', { body }),
    onSuccess: (answer) => onDone('replayedAt' in answer ? answer.replayedAt : 0),
  });
  const seen = dry.data !== undefined && 'outcomes' in dry.data ? dry.data : undefined;
  return (
    <Dialog
      title={t('dead.replay.title')}
      open
      onClose={onClose}
      actions={
        <Button
          look="primary"
          disabled={seen === undefined || replay.isPending}
          onClick={() => replay.mutate()}
        >
          {t('dead.replay')}
        </Button>
      }
    >
      {dry.isPending && <Loading />}
      {dry.isError && <Failure error={dry.error} onRetry={() => void dry.refetch()} />}
      {seen !== undefined && (
        <>
          <p>{t('dead.replay.effect', { count: seen.deadLetters })}</p>
          <ul>
            {seen.outcomes.map(({ mappingId, outcome, code, count }) => (
              <li key={`${mappingId} ${outcome} ${code ?? ''}`}>
                {number(count)} {t(`dead.outcome.${outcome}`, { count })}{' '}
                {code !== undefined && <code>{code}</code>}
              </li>
            ))}
          </ul>
        </>
      )}
      {replay.isError && <Failure error={replay.error} />}
    </Dialog>
  );
}

/** Dismisses dead letters permanently, with a note for the audit log. */
export function DismissDialog({
  count,
  dismiss,
  onClose,
  onDone,
}: {
  /** How many items. */
  readonly count: number;
  readonly dismiss: (note: { readonly note?: string }) => Promise<AnswerOf<'DELETE /api/dead-letters'>>;
  readonly onClose: () => void;
  readonly onDone: (count: number) => void;
}): ReactNode {
  const t = useTexts();
  const [note, setNote] = useState('');
  const remove = useMutation({
    mutationFn: () => dismiss(note.trim() === '' ? {} : { note: note.trim() }),
    onSuccess: (answer) => onDone('deleted' in answer ? answer.deleted : 0),
  });
  return (
    <Dialog
      title={t('dead.dismiss.title')}
      open
      onClose={onClose}
      actions={
        <Button look="danger" disabled={remove.isPending} onClick={() => remove.mutate()}>
          {t('dead.dismiss')}
        </Button>
      }
    >
      <p>{t('dead.dismiss.effect', { count })}</p>
      <TextField
        label={t('dead.dismiss.note')}
        hint={t('dead.dismiss.note.hint')}
        value={note}
        onChange={setNote}
      />
      {remove.isError && <Failure error={remove.error} />}
    </Dialog>
  );
}
