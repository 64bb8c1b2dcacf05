import type { TrackingPlan } from '@waybill/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { Button } from '../../kit/Button.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { Select } from '../../kit/Select.tsx';
import { TextField } from '../../kit/TextField.tsx';
import { useTexts } from '../../preferences.ts';
import { useRested } from '../../rested.ts';
import { useClient } from '../../session.tsx';
import sheet from '../../kit/Sheet.module.css';
import { labelOf, newRule, placeOf, type PlanDraft, planOf, type RuleDraft, withRules } from './draft.ts';
import { ImportPlan } from './ImportPlan.tsx';
import styles from './Plan.module.css';
import { Rule } from './Rule.tsx';

/** The maximum number of listed rules; others are found by search. */
const SHOWN = 100;

/** The number of rules from which a search is shown. */
const SEARCHED = 12;

/** A plan: its actions for violations, and its rules, with problems in place. */
export function Rules({
  id,
  draft,
  onChange,
}: {
  readonly id: string;
  readonly draft: PlanDraft;
  readonly onChange: (draft: PlanDraft) => void;
}): ReactNode {
  const t = useTexts();
  const [open, setOpen] = useState<number>();
  const [word, setWord] = useState('');
  const issues = useIssues(draft);
  const listed = draft.rules.map((rule, index) => ({ rule, index }));
  const found = listed.filter(({ rule }) => labelOf(rule).toLowerCase().includes(word.trim().toLowerCase()));
  const change = (next: RuleDraft): void =>
    onChange({ ...draft, rules: draft.rules.map((one) => (one.key === next.key ? next : one)) });
  const add = (): void => {
    const rule = newRule();
    setWord('');
    setOpen(rule.key);
    onChange({ ...draft, rules: [rule, ...draft.rules] });
  };
  return (
    <>
      <Actions draft={draft} onChange={onChange} />
      <h2 id="rules">{t('plan.rules')}</h2>
      <More id={id} draft={draft} onChange={onChange} onAdd={add} />
      {draft.rules.length < SEARCHED ? null : (
        <TextField label={t('plan.search')} type="search" value={word} onChange={setWord} />
      )}
      {draft.rules.length === 0 ? <p>{t('plan.rules.none')}</p> : null}
      <ul className={styles['rules']} aria-labelledby="rules">
        {found.slice(0, SHOWN).map(({ rule, index }) => (
          <Rule
            key={rule.key}
            rule={rule}
            issues={issues.filter((one) => one.rule === index)}
            isOpen={open === rule.key}
            onOpen={() => setOpen(open === rule.key ? undefined : rule.key)}
            onChange={change}
            onRemove={() => onChange({ ...draft, rules: draft.rules.filter(({ key }) => key !== rule.key) })}
          />
        ))}
      </ul>
      {found.length > SHOWN ? <p>{t('plan.rules.more', { count: found.length - SHOWN })}</p> : null}
    </>
  );
}

interface PlacedIssue {
  readonly rule: number;
  readonly path: string;
  readonly message: string;
}

/** The server's problems of the draft, debounced. */
function useIssues(draft: PlanDraft): readonly PlacedIssue[] {
  const client = useClient();
  const rested = useRested(draft);
  const plan = planOf(rested);
  const checked = useQuery({
    queryKey: ['plan-issues', plan],
    enabled: plan !== undefined,
    queryFn: () => client.post('/api/tracking-plan/check', { body: { plan: plan! } }),
  });
  return (checked.data?.issues ?? []).flatMap(({ path, message }) => {
    const place = placeOf(path);
    return place === undefined ? [] : [{ rule: place.rule, path: place.rest, message }];
  });
}

function Actions({
  draft,
  onChange,
}: {
  readonly draft: PlanDraft;
  readonly onChange: (draft: PlanDraft) => void;
}): ReactNode {
  const t = useTexts();
  const choice = (
    member: 'unplannedEvents' | 'unplannedProperties' | 'invalidValues',
    actions: readonly ('allow' | 'omit' | 'block')[],
  ): ReactNode => (
    <Select
      label={t(`plan.${member}`)}
      value={draft[member] ?? 'allow'}
      options={actions.map((action) => [action, t(`plan.action.${action}`)] as const)}
      onChange={(action) => onChange({ ...draft, [member]: action })}
    />
  );
  return (
    <div className={styles['actions']}>
      {choice('unplannedEvents', ['allow', 'block'])}
      {choice('unplannedProperties', ['allow', 'omit', 'block'])}
      {choice('invalidValues', ['allow', 'omit', 'block'])}
    </div>
  );
}

/** Adding rules: a new one, an export of Segment's Protocols, or inferred from events. */
function More({
  id,
  draft,
  onChange,
  onAdd,
}: {
  readonly id: string;
  readonly draft: PlanDraft;
  readonly onChange: (draft: PlanDraft) => void;
  readonly onAdd: () => void;
}): ReactNode {
  const t = useTexts();
  const client = useClient();
  const [isImporting, setImporting] = useState(false);
  const [came, setCame] = useState<{ readonly added: number; readonly left: readonly string[] }>();
  const take = (plan: TrackingPlan, left: readonly string[]): void => {
    const { draft: next, added } = withRules(draft, plan);
    setCame({ added, left });
    setImporting(false);
    onChange(next);
  };
  const infer = useMutation({
    mutationFn: () => client.get('/api/sources/:id/inferred-plan', { params: { id } }),
    onSuccess: (plan) => take(plan, []),
  });
  return (
    <>
      <div className={sheet['row']}>
        <Button onClick={onAdd}>{t('plan.rule.add')}</Button>
        <Button onClick={() => setImporting(true)}>{t('plan.import')}…</Button>
        <Button disabled={infer.isPending} onClick={() => infer.mutate()}>
          {t('plan.infer')}
        </Button>
        <span role="status">{came === undefined ? null : t('plan.added', { count: came.added })}</span>
      </div>
      {infer.isError ? <Failure error={infer.error} /> : null}
      {came === undefined || came.left.length === 0 ? null : (
        <div>
          <p>{t('plan.left')}</p>
          <ul>
            {came.left.map((one) => (
              <li key={one}>{one}</li>
            ))}
          </ul>
        </div>
      )}
      {isImporting ? <ImportPlan onImport={take} onClose={() => setImporting(false)} /> : null}
    </>
  );
}
