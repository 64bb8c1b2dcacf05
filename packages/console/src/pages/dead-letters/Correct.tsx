import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { AnswerOf, WholeDeadLetter } from '@waybill/api';
import type { ReactNode } from 'react';
import { Badge } from '../../kit/Badge.tsx';
import { Button } from '../../kit/Button.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { Json, keysOf } from '../../kit/Json.tsx';
import styles from '../../kit/Sheet.module.css';
import { TextField } from '../../kit/TextField.tsx';
import { Time } from '../../kit/Time.tsx';
import { useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';
import { type Copy, useCopy } from './use-copy.ts';

type Explained = AnswerOf<'POST /api/destinations/:id/explain'>['mappings'][number];

/** The event of a dead letter: corrected as a copy for this item, tried, and replayed. */
export function Correct({
  letter,
  event,
}: {
  readonly letter: WholeDeadLetter;
  readonly event: object;
}): ReactNode {
  const t = useTexts();
  const { id, correctedAt, replayedAt } = letter;
  const copy = useCopy(String(id), event);
  const { dry, replay } = useMending(letter, copy);
  const isGone = replayedAt !== undefined;
  return (
    <section aria-label={t('dead.copy.title')} className={styles['card']}>
      <h2>{t('dead.copy.title')}</h2>
      {correctedAt !== undefined && (
        <p>
          {t('dead.copy.corrected')} <Time at={correctedAt} />
        </p>
      )}
      <TextField
        label={t('dead.copy')}
        hint={t('dead.copy.hint')}
        rows={16}
        value={copy.text}
        problem={copy.event === undefined ? t('dead.copy.broken') : undefined}
        onChange={copy.set}
      />
      <div className={styles['row']}>
        <Button
          disabled={copy.event === undefined || dry.isPending}
          onClick={() => dry.mutate(copy.event ?? event)}
        >
          {t('dead.dry')}
        </Button>
        <Button
          look="primary"
          disabled={copy.event === undefined || isGone || replay.isPending}
          onClick={() => replay.mutate()}
        >
          {t('dead.replay')}
        </Button>
        {copy.isChanged && <Button onClick={() => copy.set(undefined)}>{t('dead.copy.reset')}</Button>}
        {!isGone && (
          <span className={styles['muted']}>
            {t(copy.isChanged ? 'dead.copy.changed' : 'dead.copy.same')}
          </span>
        )}
      </div>
      {dry.isError && <Failure error={dry.error} />}
      {replay.isError && <Failure error={replay.error} />}
      {dry.isSuccess && (
        <div role="status">
          <Verdict explained={dry.data} />
        </div>
      )}
    </section>
  );
}

/** The result of the current mapping for an event. */
export function Verdict({ explained }: { readonly explained: Explained | undefined }): ReactNode {
  const t = useTexts();
  if (explained === undefined) return <Badge state="skipped">{t('dead.dry.removed')}</Badge>;
  const { trigger, outcome, payload } = explained;
  if (!trigger.holds) return <Badge state="skipped">{t('dead.dry.unmatched')}</Badge>;
  const field = outcome !== undefined && 'field' in outcome ? outcome.field : undefined;
  return (
    <>
      <p className={styles['row']}>
        <Badge state={outcome === undefined ? 'delivered' : 'rejected'}>
          {outcome === undefined ? t('dead.dry.sent') : t('dead.outcome.rejected', { count: 1 })}
        </Badge>
        {outcome !== undefined && 'message' in outcome && (
          <span>
            {outcome.message} <code>{outcome.code}</code>
          </span>
        )}
      </p>
      {payload !== undefined && <Json value={payload} mark={keysOf(field)} />}
    </>
  );
}

/** Hook for trying the copy of an event, and replaying it. */
function useMending({ id, destination, mappingId }: WholeDeadLetter, copy: Copy) {
  const client = useClient();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const dry = useMutation({
    mutationFn: async (event: object): Promise<Explained | undefined> => {
      const given = { params: { id: destination }, body: { event } };
      const { mappings } = await client.post('/api/destinations/:id/explain', given);
      return mappings.find((one) => one.mappingId === mappingId);
    },
  });
  const replay = useMutation({
    mutationFn: () => {
      const body = copy.isChanged && copy.event !== undefined ? { event: copy.event } : {};
      return client.post('/api/dead-letters/:id/replay', { params: { id: String(id) }, body });
    },
    onSuccess: ({ replayedAt }) => {
      copy.set(undefined);
      void queries.invalidateQueries({ queryKey: ['dead-letters'] });
      void navigate({ to: '/dead-letters', search: { replayedAt } });
    },
  });
  return { dry, replay };
}
