import type { Field, Issue } from '@waybill/core';
import type { DragEvent, ReactNode } from 'react';
import { reads } from '../../editor/value.ts';
import { Button } from '../../kit/Button.tsx';
import { useTexts } from '../../preferences.ts';
import styles from './Mapping.module.css';
import { PATH_TYPE } from './Sample.tsx';
import { Value } from './Value.tsx';

interface FieldProps {
  readonly name: string;
  /** Absent for what the action does not know. */
  readonly field: Field | undefined;
  readonly value: unknown;
  readonly resolved: unknown;
  readonly issues: readonly Issue[];
  readonly isChanged: boolean;
  readonly isArmed: boolean;
  readonly onArm: () => void;
  readonly onReset: () => void;
  readonly onChange: (value: unknown) => void;
}

/** One field of an action: how it is made, what it becomes, and what is wrong with that. */
export function FieldRow({
  name,
  field,
  value,
  resolved,
  issues,
  isChanged,
  isArmed,
  onArm,
  onReset,
  onChange,
}: FieldProps): ReactNode {
  const t = useTexts();
  const label = field?.label ?? name;
  const drop = (event: DragEvent): void => {
    const keys = event.dataTransfer.getData(PATH_TYPE);
    if (keys === '') return;
    event.preventDefault();
    onChange(reads(JSON.parse(keys) as readonly (string | number)[]));
  };
  return (
    <div
      role="group"
      aria-label={label}
      className={`${styles['field']} ${isArmed ? styles['armed'] : ''}`}
      onDragOver={(event) => {
        if (event.dataTransfer.types.includes(PATH_TYPE)) event.preventDefault();
      }}
      onDrop={drop}
    >
      <FieldHead
        label={label}
        field={field}
        isMapped={value !== undefined}
        isChanged={isChanged}
        isArmed={isArmed}
        onArm={onArm}
        onReset={onReset}
        onChange={onChange}
      />
      <Value value={value} onChange={onChange} />
      <p className={styles['gives']}>
        {t('editor.gives')}{' '}
        <code>{resolved === undefined ? t('editor.gives.nothing') : short(JSON.stringify(resolved))}</code>
      </p>
      {issues.map(({ code, path, message }) => (
        <p key={`${code} ${path} ${message}`} className={styles['problem']}>
          {message} <code>{code}</code>
        </p>
      ))}
    </div>
  );
}

/** What a field is called and has to be, and what can be done to it as a whole. */
function FieldHead({
  label,
  field,
  isMapped,
  isChanged,
  isArmed,
  onArm,
  onReset,
  onChange,
}: Pick<FieldProps, 'field' | 'isChanged' | 'isArmed' | 'onArm' | 'onReset' | 'onChange'> & {
  readonly label: string;
  readonly isMapped: boolean;
}): ReactNode {
  const t = useTexts();
  return (
    <div className={styles['line']}>
      <strong>{label}</strong>
      <span className={styles['muted']}>
        {field === undefined ? t('editor.unknown') : typeOf(field)}
        {field?.required === true ? ` · ${t('editor.required')}` : null}
        {typeof field?.required === 'object' ? ` · ${t('editor.required.sometimes')}` : null}
        {isChanged ? ` · ${t('editor.changed')}` : null}
      </span>
      <span className={styles['actions']}>
        {!isMapped && field?.default !== undefined ? (
          <Button look="quiet" onClick={() => onChange(field.default)}>
            {t('editor.default')}
          </Button>
        ) : null}
        {isChanged ? (
          <Button look="quiet" onClick={onReset}>
            {t('editor.reset')}
          </Button>
        ) : null}
        <Button look="quiet" aria-pressed={isArmed} onClick={onArm}>
          {t('editor.pick')}
        </Button>
      </span>
    </div>
  );
}

function typeOf({ type, multiple, format }: Field): string {
  return [type, multiple === true ? '[]' : '', format === undefined ? '' : ` (${format})`].join('');
}

function short(text: string): string {
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
