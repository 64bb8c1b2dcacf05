import type { ReactNode } from 'react';
import { Badge } from '../../kit/Badge.tsx';
import { Button } from '../../kit/Button.tsx';
import { Select } from '../../kit/Select.tsx';
import { TextField } from '../../kit/TextField.tsx';
import { useTexts } from '../../preferences.ts';
import sheet from '../../kit/Sheet.module.css';
import { brokenText, labelOf, type RuleDraft, TYPES } from './draft.ts';
import styles from './Plan.module.css';

/** Something that is wrong with a rule. */
export interface RuleIssue {
  readonly path: string;
  readonly message: string;
}

/** One rule of a plan: closed its name, opened what events it is for, and their schema with what is wrong in it. */
export function Rule({
  rule,
  issues,
  isOpen,
  onOpen,
  onChange,
  onRemove,
}: {
  readonly rule: RuleDraft;
  readonly issues: readonly RuleIssue[];
  readonly isOpen: boolean;
  readonly onOpen: () => void;
  readonly onChange: (rule: RuleDraft) => void;
  readonly onRemove: () => void;
}): ReactNode {
  const t = useTexts();
  const broken = brokenText(rule.text);
  const problems = issues.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
  const all = broken === undefined ? problems : [t('plan.rule.broken', { reason: broken })];
  const count = all.length;
  return (
    <li className={styles['rule']}>
      <div className={sheet['row']}>
        <Button look="quiet" aria-expanded={isOpen} onClick={onOpen}>
          <code>{labelOf(rule)}</code>
        </Button>
        {count === 0 ? null : <Badge state="rejected">{t('plan.rule.issues', { count })}</Badge>}
      </div>
      {isOpen ? (
        <div className={styles['open']} role="group" aria-label={labelOf(rule)}>
          <div className={styles['for']}>
            <Select
              label={t('plan.rule.type')}
              value={rule.type}
              options={TYPES.map((type) => [type, type] as const)}
              onChange={(type) => onChange({ ...rule, type: type as RuleDraft['type'] })}
            />
            {rule.type === 'track' ? (
              <TextField
                label={t('plan.rule.event')}
                value={rule.event}
                required
                onChange={(event) => onChange({ ...rule, event })}
              />
            ) : null}
          </div>
          <TextField
            label={t('plan.rule.schema')}
            hint={t('plan.rule.schema.hint')}
            rows={14}
            value={rule.text}
            problem={count === 0 ? undefined : all.join('\n')}
            onChange={(text) => onChange({ ...rule, text })}
          />
          <div>
            <Button onClick={onRemove}>{t('plan.rule.remove')}</Button>
          </div>
        </div>
      ) : null}
    </li>
  );
}
