import type { Shape } from '@waybill/api';
import type { MappingConfig, ProjectType as Type } from '@waybill/core';
import type { ReactNode } from 'react';
import { isChanged, orderFields, type Whole, withField } from '../../editor/config.ts';
import type { Judgement } from '../../editor/judge.ts';
import { withPicked } from '../../editor/picked.ts';
import { useTexts } from '../../preferences.ts';
import { FieldRow } from './FieldRow.tsx';
import { ProjectType } from './ProjectType.tsx';
import { Suggestions } from './Suggestions.tsx';
import styles from './Mapping.module.css';

/** The account that fields are about. */
export interface Account {
  readonly destination: string;
  /** How it tells users apart; undefined where that is unknown, or nothing it does. */
  readonly projectType: Type | undefined;
}

/** Every field of the action, those it needs first, each with its value, what that gives, and what is wrong with it. */
export function FieldsTab({
  config,
  whole,
  judgement,
  armed,
  marked,
  shapes,
  account,
  onArm,
  onChange,
}: {
  readonly config: MappingConfig;
  readonly whole: Whole;
  readonly judgement: Judgement | undefined;
  /** The place that takes the next value picked from the sample: a field, or a member of one. */
  readonly armed: string | undefined;
  /** The field that made what a person points at in the payload. */
  readonly marked?: string | undefined;
  /** What the events that the mapping is for look like, to suggest values from. */
  readonly shapes?: readonly Shape[];
  readonly account?: Account;
  readonly onArm: (place: string | undefined) => void;
  readonly onChange: (config: MappingConfig) => void;
}): ReactNode {
  const t = useTexts();
  const { fields, values } = whole;
  const required = Object.keys(fields).filter((name) => fields[name]!.required === true);
  const done = required.filter((name) => values[name] !== undefined && values[name] !== null);
  const issues = [...(judgement?.issues ?? []), ...(judgement?.written ?? [])];
  return (
    <div className={styles['stack']}>
      <div className={styles['line']}>
        <progress value={done.length} max={Math.max(required.length, 1)} aria-hidden="true" />
        <span role="status" className={styles['muted']}>
          {t('editor.required.done', { done: done.length, all: required.length })}
        </span>
        {shapes === undefined ? null : (
          <span className={styles['actions']}>
            <Suggestions config={config} whole={whole} shapes={shapes} onChange={onChange} />
          </span>
        )}
      </div>
      {account?.projectType === undefined ? null : (
        <ProjectType
          destination={account.destination}
          projectType={account.projectType}
          resolved={judgement?.resolved ?? {}}
        />
      )}
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
          made={judgement?.made[name] ?? []}
          isMarked={marked === name}
          armed={armed}
          account={
            account === undefined || fields[name]?.dynamic !== true
              ? undefined
              : { destination: account.destination, action: whole.action, name, field: fields[name], values }
          }
          onArm={(place) => onArm(armed === place ? undefined : place)}
          onPick={(place, keys) => onChange(withPicked(config, values, place, keys))}
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
