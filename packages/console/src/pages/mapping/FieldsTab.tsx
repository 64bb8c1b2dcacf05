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

/** The account that fields are about. */
export interface Account {
  readonly destination: string;
  /** How it tells users apart; undefined where that is unknown, or nothing it does. */
  readonly projectType: Type | undefined;
}

interface HeadProps {
  readonly config: MappingConfig;
  readonly whole: Whole;
  /** What the events that the mapping is for look like, to suggest values from. */
  readonly shapes?: readonly Shape[] | undefined;
  readonly onChange: (config: MappingConfig) => void;
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
  onRunHook,
}: HeadProps & {
  readonly judgement: Judgement | undefined;
  /** The place that takes the next value picked from the sample: a field, or what is within one. */
  readonly armed: string | undefined;
  /** The field that made what a person points at in the payload. */
  readonly marked?: string | undefined;
  readonly account?: Account;
  readonly onArm: (place: string | undefined) => void;
  /** Runs a hook again, where mappings are published. */
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
      </Surroundings>
    </div>
  );
}

/** Whether a path leads to a field, or into it. */
function isOf(path: string, name: string): boolean {
  return path === name || (path.startsWith(name) && /^[.[]/.test(path.slice(name.length)));
}

/** How many of the fields that the action needs are mapped, and what could be. */
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

/** What is done with records, where the action has a choice; at delivery, a mapping without one has none. */
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

/** The directive that the other fields are handed to, where the mapping has one. */
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
