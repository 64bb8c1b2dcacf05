import type { Change, Field, Issue } from '@waybill/core';
import { type ReactNode, useEffect, useRef } from 'react';
import { typeText } from '../../editor/config.ts';
import { eachOf, membersOf } from '../../editor/each.ts';
import { placeOf } from '../../editor/picked.ts';
import { Button } from '../../kit/Button.tsx';
import { useTexts } from '../../preferences.ts';
import { AccountChoices, type AccountField, hasChoices } from './AccountChoices.tsx';
import { Cleaned } from './Cleaned.tsx';
import { takesPath } from './drop.ts';
import { EachItem } from './EachItem.tsx';
import { Gives, Issues } from './Gives.tsx';
import styles from './Mapping.module.css';
import { Members } from './Members.tsx';
import { Pick } from './Pick.tsx';
import { useAround } from './use-traced.ts';
import { Value } from './Value.tsx';

interface FieldProps {
  readonly name: string;
  /** Absent for an unknown field. */
  readonly field: Field | undefined;
  readonly value: unknown;
  readonly resolved: unknown;
  /** The resulting items of a list mapping. */
  readonly made: readonly unknown[];
  readonly issues: readonly Issue[];
  /** The changes by validation. */
  readonly changes: readonly Change[];
  readonly isChanged: boolean;
  /** Whether it made the highlighted value. */
  readonly isMarked: boolean;
  /** The account to choose values from; undefined without one. */
  readonly account: AccountField | undefined;
  readonly onReset: () => void;
  readonly onChange: (value: unknown) => void;
}

/** A field of an action: its mapping, its result, and its problems. */
export function FieldRow(props: FieldProps): ReactNode {
  const { name, field, value, resolved, issues, changes, isMarked, onChange } = props;
  const { armed, pick } = useAround();
  const row = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isMarked) void row.current?.scrollIntoView({ block: 'nearest' });
  }, [isMarked]);
  const look = [
    styles['field'],
    armed === placeOf([name]) ? styles['armed'] : '',
    isMarked ? styles['marked'] : '',
  ].join(' ');
  return (
    <div
      ref={row}
      role="group"
      aria-label={field?.label ?? name}
      aria-current={isMarked ? 'true' : undefined}
      className={look}
      {...takesPath((keys) => pick([name], keys))}
    >
      <FieldHead {...props} />
      <Value value={value} at={[name]} choices={field?.choices} body={bodyOf(props)} onChange={onChange} />
      <Gives value={resolved} />
      {changes.length === 0 ? null : <Cleaned changes={changes} />}
      <Issues issues={issues} />
    </div>
  );
}

/** The table of an object or of list items; nothing for a single value. */
function bodyOf({ name, field, value, resolved, made, issues, account, onChange }: FieldProps): ReactNode {
  const shared = {
    fields: field?.properties,
    path: name,
    at: [name],
    issues,
    account,
  };
  const each = eachOf(value);
  if (each !== undefined) {
    return <EachItem {...shared} each={each} value={value} made={made} onChange={onChange} />;
  }
  const members = membersOf(value);
  return members === undefined ? undefined : (
    <Members {...shared} values={members} given={resolved} onChange={onChange} />
  );
}

/** The header of a field: label, type and actions. */
function FieldHead({ name, field, value, isChanged, account, onReset, onChange }: FieldProps): ReactNode {
  const t = useTexts();
  return (
    <div className={styles['line']}>
      <strong>{field?.label ?? name}</strong>
      <span className={styles['muted']}>
        {field === undefined ? t('editor.unknown') : typeText(field)}
        {field?.required === true ? ` · ${t('editor.required')}` : null}
        {typeof field?.required === 'object' ? ` · ${t('editor.required.sometimes')}` : null}
        {isChanged ? ` · ${t('editor.changed')}` : null}
      </span>
      <span className={styles['actions']}>
        {value === undefined && field?.properties !== undefined ? (
          <Button
            look="quiet"
            onClick={() => onChange(field.multiple === true ? { '@arrayPath': ['', {}] } : {})}
          >
            {t('fields.members')}
          </Button>
        ) : null}
        {value === undefined && field?.default !== undefined ? (
          <Button look="quiet" onClick={() => onChange(field.default)}>
            {t('editor.default')}
          </Button>
        ) : null}
        {account === undefined || field === undefined || !hasChoices(account, name) ? null : (
          <AccountChoices of={account} name={name} field={field} value={value} onChange={onChange} />
        )}
        {isChanged ? (
          <Button look="quiet" onClick={onReset}>
            {t('editor.reset')}
          </Button>
        ) : null}
        <Pick at={[name]} />
      </span>
    </div>
  );
}
