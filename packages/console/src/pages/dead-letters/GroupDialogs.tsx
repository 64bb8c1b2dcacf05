import { useMutation, useQuery } from '@tanstack/react-query';
import type { DeadLetterGroups } from '@waybill/api';
import type { ReactNode } from 'react';
import { useFormat } from '../../format.ts';
import { Button } from '../../kit/Button.tsx';
import { Dialog } from '../../kit/Dialog.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { Loading } from '../../kit/Loading.tsx';
import { useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';

type Group = DeadLetterGroups['groups'][number];

interface GroupDialogProps {
  readonly group: Group;
  readonly onClose: () => void;
  readonly onDone: (count: number) => void;
}

/** What selects exactly the dead letters of a group. */
function filterOf({ destination, mappingId, code, field = '' }: Group) {
  return { destination, code, field, ...(mappingId === '' ? {} : { mappingId }) };
}

/** Replays a group, once a person has seen what would become of all of it. */
export function ReplayGroup({ group, onClose, onDone }: GroupDialogProps): ReactNode {
  const t = useTexts();
  const client = useClient();
  const { number } = useFormat();
  const body = filterOf(group);
  const dry = useQuery({
    queryKey: ['dead-letters', 'dry-run', body],
    queryFn: () => client.post('/api/dead-letters/replay', { body: { ...body, dryRun: true } }),
    staleTime: 0,
  });
  const replay = useMutation({
    mutationFn: () => client.post('/api/dead-letters/replay', { body }),
    onSuccess: (answer) => onDone('requeued' in answer ? answer.requeued : 0),
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
                {number(count)} {t(`dead.outcome.${outcome}`)} {code !== undefined && <code>{code}</code>}
              </li>
            ))}
          </ul>
        </>
      )}
      {replay.isError && <Failure error={replay.error} />}
    </Dialog>
  );
}

/** Deletes a group. */
export function DeleteGroup({ group, onClose, onDone }: GroupDialogProps): ReactNode {
  const t = useTexts();
  const client = useClient();
  const remove = useMutation({
    mutationFn: () => client.delete('/api/dead-letters', { body: filterOf(group) }),
    onSuccess: () => onDone(0),
  });
  return (
    <Dialog
      title={t('dead.delete.title')}
      open
      onClose={onClose}
      actions={
        <Button look="danger" disabled={remove.isPending} onClick={() => remove.mutate()}>
          {t('dead.delete')}
        </Button>
      }
    >
      <p>{t('dead.delete.effect', { count: group.count })}</p>
      {remove.isError && <Failure error={remove.error} />}
    </Dialog>
  );
}
