import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Failure } from '../../kit/Failure.tsx';
import { Switch } from '../../kit/Switch.tsx';
import { useUndo } from '../../kit/Undo.tsx';
import { useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';
import styles from './Destination.module.css';
import { useSenders } from './use-senders.ts';

/** The sources of a destination: all, including future ones, or some. */
export function Receives({
  id,
  chosen,
}: {
  readonly id: string;
  /** Undefined: all of them. */
  readonly chosen: readonly string[] | undefined;
}): ReactNode {
  const t = useTexts();
  const client = useClient();
  const queries = useQueryClient();
  const undo = useUndo();
  const there = useSenders();
  const save = useMutation({
    mutationFn: async (sources: readonly string[] | undefined) => {
      const params = { id };
      // The version is read first, so that concurrent changes are refused instead of lost.
      const { version } = await client.call('GET /api/destinations/:id', { params });
      const { destinations } = await client.get('/api/workspace');
      const { sources: _before, ...config } = destinations.find((one) => one.id === id)!;
      const body = sources === undefined ? config : { ...config, sources };
      await client.put('/api/destinations/:id', { params, body, ifMatch: version ?? '*' });
      await queries.invalidateQueries({ queryKey: ['destinations'] });
    },
  });
  if (there.isError) return <Failure error={there.error} onRetry={() => void there.refetch()} />;
  if (there.data === undefined) return null;
  const shown = save.isPending ? save.variables : chosen;
  const all = there.data.map(([sender]) => sender);
  return (
    <section aria-labelledby="receives" className={styles['settings']}>
      <h2 id="receives">{t('destinations.receives')}</h2>
      <div className={styles['form']}>
        <Switch
          label={t('destinations.receives.all')}
          checked={shown === undefined}
          disabled={save.isPending}
          onChange={(isAll) => save.mutate(isAll ? undefined : all)}
        />
        {shown === undefined
          ? null
          : there.data.map(([sender, name]) => (
              <Switch
                key={sender}
                label={name}
                checked={shown.includes(sender)}
                disabled={save.isPending}
                onChange={(on) => {
                  const next = all.filter((other) => (other === sender ? on : shown.includes(other)));
                  const text = t('destinations.receives.off', { name });
                  const takeBack = (): Promise<void> => save.mutateAsync(shown);
                  save.mutate(next, on ? {} : { onSuccess: () => undo({ text, takeBack }) });
                }}
              />
            ))}
        {save.isError ? <Failure error={save.error} /> : null}
      </div>
    </section>
  );
}
