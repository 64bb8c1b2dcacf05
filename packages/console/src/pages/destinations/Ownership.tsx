import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { Button } from '../../kit/Button.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';
import { Conflicts } from './Conflicts.tsx';
import styles from './Destination.module.css';
import type { LoadedDestination } from './DestinationHead.tsx';
import { faultsOf, ownershipOf, pathsOf, type Rule, rulesOf } from './ownership.ts';
import { OwnershipRule } from './OwnershipRule.tsx';
import { useSenders } from './use-senders.ts';

/** Ownership rules of fields, and the resulting conflicts. */
export function OwnershipForm({
  id,
  loaded: { body, version, definition },
}: {
  readonly id: string;
  readonly loaded: LoadedDestination;
}): ReactNode {
  const t = useTexts();
  const client = useClient();
  const queries = useQueryClient();
  const senders = useSenders();
  // Edits stay when something else changes; a save is refused when the rules have changed meanwhile.
  const [base, setBase] = useState({ version: version ?? ('*' as const), ownership: body.ownership });
  const [rules, setRules] = useState<readonly Rule[]>(() => rulesOf(base.ownership));
  const [next, setNext] = useState(rules.length);
  const save = useMutation({
    mutationFn: async () => {
      const isSame = JSON.stringify(body.ownership) === JSON.stringify(base.ownership);
      const answer = await client.call('PATCH /api/destinations/:id', {
        params: { id },
        body: { ownership: ownershipOf(rules) },
        ifMatch: (isSame ? version : base.version) ?? '*',
      });
      setBase({ version: answer.version ?? '*', ownership: answer.body.ownership });
      await queries.invalidateQueries({ queryKey: ['destinations'] });
    },
  });
  if (definition === undefined || senders.data === undefined) return null;
  const paths = pathsOf(definition);
  const faults = faultsOf(rules, paths);
  const isChanged = JSON.stringify(ownershipOf(rules)) !== JSON.stringify(base.ownership ?? {});
  const edit = (made: readonly Rule[]): void => {
    save.reset();
    setRules(made);
  };
  const onSave = (event: FormEvent): void => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <section aria-labelledby="ownership" className={styles['settings']}>
      <h2 id="ownership">{t('ownership.title')}</h2>
      <p>{t('ownership.about')}</p>
      <form className={styles['form']} onSubmit={onSave}>
        {rules.map((rule) => (
          <OwnershipRule
            key={rule.key}
            rule={rule}
            paths={paths}
            senders={senders.data}
            fault={faults.get(rule.key)}
            onChange={(changed) => edit(rules.map((one) => (one.key === rule.key ? changed : one)))}
            onRemove={() => edit(rules.filter((one) => one.key !== rule.key))}
          />
        ))}
        <div className={styles['buttons']}>
          <Button
            onClick={() => {
              edit([...rules, { key: next, path: '', owner: 'destination', sources: [] }]);
              setNext(next + 1);
            }}
          >
            {t('ownership.add')}
          </Button>
          {rules.length === 0 && !isChanged ? null : (
            <Button type="submit" look="primary" disabled={!isChanged || faults.size > 0 || save.isPending}>
              {t('ownership.save')}
            </Button>
          )}
          <span role="status">{save.isSuccess ? t('destinations.saved') : null}</span>
        </div>
        {save.isError ? <Failure error={save.error} /> : null}
      </form>
      <Conflicts id={id} senders={senders.data} />
    </section>
  );
}
