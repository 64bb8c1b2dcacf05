import type { MappingConfig } from '@waybill/core';
import type { ReactNode } from 'react';
import { isChanged, orderFields, type Whole, withField } from '../../editor/config.ts';
import type { Judgement } from '../../editor/judge.ts';
import { useTexts } from '../../preferences.ts';
import { FieldRow } from './FieldRow.tsx';
import styles from './Mapping.module.css';

/** Every field of the action, those it needs first, each with its value, what that gives, and what is wrong with it. */
export function FieldsTab({
  config,
  whole,
  judgement,
  armed,
  onArm,
  onChange,
}: {
  readonly config: MappingConfig;
  readonly whole: Whole;
  readonly judgement: Judgement | undefined;
  /** The field that takes the next value picked from the sample. */
  readonly armed: string | undefined;
  readonly onArm: (field: string | undefined) => void;
  readonly onChange: (config: MappingConfig) => void;
}): ReactNode {
  const t = useTexts();
  const { fields, values } = whole;
  const required = Object.keys(fields).filter((name) => fields[name]!.required === true);
  const done = required.filter((name) => values[name] !== undefined && values[name] !== null);
  const issues = [...(judgement?.issues ?? []), ...(judgement?.written ?? [])];
  return (
    <div className={styles['stack']}>
      <p role="status" className={styles['muted']}>
        {t('editor.required.done', { done: done.length, all: required.length })}
      </p>
      {orderFields(fields, values).map((name) => (
        <FieldRow
          key={name}
          name={name}
          field={fields[name]}
          value={values[name]}
          resolved={judgement?.resolved[name]}
          issues={issues.filter(
            ({ path }) => path === name || (/^[.[]/.test(path.slice(name.length)) && path.startsWith(name)),
          )}
          isChanged={isChanged(config, name)}
          isArmed={armed === name}
          onArm={() => onArm(armed === name ? undefined : name)}
          onReset={() => onChange(withField(config, name, undefined))}
          onChange={(value) =>
            onChange(
              // What the preset maps can only be taken away by saying that it is nothing.
              withField(
                config,
                name,
                value === undefined && Object.hasOwn(whole.preset.values, name) ? null : value,
              ),
            )
          }
        />
      ))}
    </div>
  );
}
