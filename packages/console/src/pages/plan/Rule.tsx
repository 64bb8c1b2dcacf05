import type { ReactNode } from 'react';
import { Badge } from '../../kit/Badge.tsx';
import { Button } from '../../kit/Button.tsx';
import { Select } from '../../kit/Select.tsx';
import { TextField } from '../../kit/TextField.tsx';
import { useTexts } from '../../preferences.ts';
import sheet from '../../kit/Sheet.module.css';
import { brokenText, labelOf, type RuleDraft, TYPES } from './draft.ts';
import { lineOf } from './line.ts';
import styles from './Plan.module.css';

/** A problem of a rule. */
export interface RuleIssue {
  readonly path: string;
  readonly message: string;
}

/** Adds the line to a problem. */
function placedIn(
  schema: string,
  { path, message }: RuleIssue,
): { readonly line: number; readonly text: string } {
  return { line: lineOf(schema, path), text: path === '' ? message : `${path}: ${message}` };
}

/** Selects a line of the schema in the same group. */
function goTo(from: HTMLElement, schema: string, line: number): void {
  const area = from.closest('[role="group"]')?.querySelector('textarea');
  const lines = schema.split('\n');
  const start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  area?.focus();
  area?.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
}

/** A rule of a plan: collapsed its name, expanded its events and their schema with problems. */
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
  const count = broken === undefined ? issues.length : 1;
  const wrong = broken === undefined ? t('plan.rule.wrong') : t('plan.rule.broken', { reason: broken });
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
            problem={count === 0 ? undefined : wrong}
            onChange={(text) => onChange({ ...rule, text })}
          />
          <Issues issues={broken === undefined ? issues : []} schema={rule.text} />
          <div>
            <Button onClick={onRemove}>{t('plan.rule.remove')}</Button>
          </div>
        </div>
      ) : null}
    </li>
  );
}

/** The problems of a schema, with lines. */
function Issues({
  issues,
  schema,
}: {
  readonly issues: readonly RuleIssue[];
  readonly schema: string;
}): ReactNode {
  const t = useTexts();
  if (issues.length === 0) return null;
  const placed = issues.map((one) => placedIn(schema, one));
  return (
    <ul className={styles['issues']}>
      {placed.map(({ line, text }) => (
        <li key={text}>
          <Button look="quiet" onClick={(event) => goTo(event.currentTarget, schema, line)}>
            {t('plan.rule.line', { line })}
          </Button>
          <span>{text}</span>
        </li>
      ))}
    </ul>
  );
}
