import type { Shape } from '@waybill/api';
import type { HookName, MappingConfig, ProjectType as Type } from '@waybill/core';
import type { ReactNode } from 'react';
import { isChanged, MODE, orderFields, ROOT, type Whole, withField } from '../../editor/config.ts';
import type { Judgement } from '../../editor/judge.ts';
import type { Trace } from '../../editor/trace.ts';
import { placeOf, withPicked } from '../../editor/picked.ts';
import { Select } from '../../kit/Select.tsx';
import { useTexts } from '../../preferences.ts';
import { FieldRow } from './FieldRow.tsx';
import { HookCards } from './HookCards.tsx';
import { type Around, Surroundings } from './use-traced.ts';
import { Value } from './Value.tsx';
import { ProjectType } from './ProjectType.tsx';
import { Suggestions } from './Suggestions.tsx';
import styles from './Mapping.module.css';

const NOTHING: Trace = new Map();

/** The account of the fields. */
export interface Account {
  readonly destination: string;
  /** How it identifies users; undefined when unknown or not applicable. */
  readonly projectType: Type | undefined;
}

interface HeadProps {
  readonly config: MappingConfig;
  readonly whole: Whole;
  /** The shapes of matching events, for suggestions. */
  readonly shapes?: readonly Shape[] | undefined;
  readonly onChange: (config: MappingConfig) => void;
}

/** All fields of the action, required ones first, with their values, results and problems. */
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
  onRunHook,
}: HeadProps & {
  readonly judgement: Judgement | undefined;
  /** The place for the next value picked from the sample: a field, or a part of one. */
  readonly armed: string | undefined;
  /** The field of the highlighted part of the payload. */
  readonly marked?: string | undefined;
  readonly account?: Account;
  readonly onArm: (place: string | undefined) => void;
  /** Runs a hook again, if mappings are published. */
  readonly onRunHook?: (name: HookName) => Promise<void>;
}): ReactNode {
  const { fields, values } = whole;
  const around: Around = {
    trace: judgement?.trace ?? NOTHING,
    turned: 0,
    armed,
    arm(at) {
      const place = placeOf(at);
      onArm(armed === place ? undefined : place);
    },
    pick: (at, keys) => onChange(withPicked(config, values, placeOf(at), keys)),
  };
  const issues = [...(judgement?.issues ?? []), ...(judgement?.written ?? [])];
  return (
    <div className={styles['stack']}>
      <Head {...{ config, whole, shapes, onChange }} />
      <SyncMode {...{ config, whole, onChange }} />
      {account === undefined || onRunHook === undefined ? null : (
        <HookCards {...{ config, whole, onChange }} destination={account.destination} onRun={onRunHook} />
      )}
      {account?.projectType === undefined ? null : (
        <ProjectType
          destination={account.destination}
          projectType={account.projectType}
          resolved={judgement?.resolved ?? {}}
        />
      )}
      <Surroundings value={around}>
        <AsAWhole {...{ config, whole, onChange }} />
        {orderFields(fields, values).map((name) => (
          <FieldRow
            key={name}
            name={name}
            field={fields[name]}
            value={values[name]}
            resolved={judgement?.resolved[name]}
            issues={issues.filter(({ path }) => isOf(path, name))}
            changes={(judgement?.changes ?? []).filter(({ path }) => isOf(path, name))}
            isChanged={isChanged(config, name)}
            made={judgement?.made[name] ?? []}
            isMarked={marked === name}
            account={
              account && {
                destination: account.destination,
                action: whole.action,
                owner: name,
                values,
                known: whole.dynamicFields,
              }
            }
            onReset={() => onChange(withField(config, name, undefined))}
            onChange={(value) =>
              onChange(
                // A value of the preset can only be removed by setting it to nothing.
                withField(
                  config,
                  name,
                  value === undefined && Object.hasOwn(whole.preset.values, name) ? null : value,
                ),
              )
            }
          />
        ))}
      </Surroundings>
    </div>
  );
}

/** Whether a path is a field, or inside it. */
function isOf(path: string, name: string): boolean {
  return path === name || (path.startsWith(name) && /^[.[]/.test(path.slice(name.length)));
}

/** The number of mapped required fields, and suggestions. */
function Head({ config, whole, shapes, onChange }: HeadProps): ReactNode {
  const t = useTexts();
  const { fields, values } = whole;
  const required = Object.keys(fields).filter((name) => fields[name]!.required === true);
  const done = required.filter((name) => values[name] !== undefined && values[name] !== null);
  return (
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
  );
}

/** The sync mode, if the action has modes; at delivery, there is no default. */
function SyncMode({ config, whole: { syncMode, values }, onChange }: Omit<HeadProps, 'shapes'>): ReactNode {
  const t = useTexts();
  if (syncMode === undefined) return null;
  const mode = typeof values[MODE] === 'string' ? values[MODE] : '';
  return (
    <Select
      label={syncMode.label ?? t('fields.mode')}
      hint={syncMode.description}
      value={mode}
      options={[
        ['', t('fields.mode.none')],
        ...syncMode.choices.map(({ value, label }) => [value, label] as const),
      ]}
      onChange={(value) => onChange(withField(config, MODE, value === '' ? undefined : value))}
    />
  );
}

/** The root directive, if the mapping has one. */
function AsAWhole({ config, whole: { values }, onChange }: Omit<HeadProps, 'shapes'>): ReactNode {
  const t = useTexts();
  if (values[ROOT] === undefined) return null;
  return (
    <div role="group" aria-label={t('fields.root')} className={styles['field']}>
      <strong>{t('fields.root')}</strong>
      <Value
        value={values[ROOT]}
        at={[ROOT]}
        onChange={(value) => onChange(withField(config, ROOT, value))}
      />
    </div>
  );
}
