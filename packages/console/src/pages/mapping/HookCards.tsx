import type { Definition } from '@waybill/api';
import type { HookName, KeptHook, MappingConfig } from '@waybill/core';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { sorted } from '../../editor/kept.ts';
import { type Whole, withField } from '../../editor/config.ts';
import { Button } from '../../kit/Button.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { Switch } from '../../kit/Switch.tsx';
import { Time } from '../../kit/Time.tsx';
import { useTexts } from '../../preferences.ts';
import { SettingsForm } from '../destinations/SettingsForm.tsx';
import { AccountChoices } from './AccountChoices.tsx';
import styles from './Mapping.module.css';

type HookOf = NonNullable<NonNullable<Definition['actions'][number]['hooks']>[HookName]>;

interface HookProps {
  readonly config: MappingConfig;
  readonly whole: Whole;
  readonly destination: string;
  readonly onChange: (config: MappingConfig) => void;
  /** Runs a hook again, in the draft. */
  readonly onRun: (name: HookName) => Promise<void>;
}

/** The hooks of the action: inputs and outputs. */
export function HookCards(props: HookProps): ReactNode {
  const { hooks = {} } = props.whole;
  return Object.entries(hooks).map(([name, hook]) => (
    <HookCard key={name} {...props} name={name as HookName} hook={hook} />
  ));
}

function HookCard({
  config,
  whole,
  destination,
  onChange,
  onRun,
  name,
  hook,
}: HookProps & { readonly name: HookName; readonly hook: HookOf }): ReactNode {
  const t = useTexts();
  const kept = whole.values[name] as KeptHook | undefined;
  const isOn = typeof kept === 'object' && kept !== null;
  const inputs = kept?.inputs ?? {};
  const enter = (next: Readonly<Record<string, unknown>>): void => {
    const { outputs: _old, ...rest } = kept ?? {};
    // Outputs with unknown or different inputs do not belong to these.
    onChange(withField(config, name, { ...(kept?.ranWith === undefined ? rest : kept), inputs: next }));
  };
  return (
    <section className={styles['field']} aria-label={hook.label}>
      <Switch
        label={hook.label}
        checked={isOn}
        onChange={(on) => onChange(withField(config, name, on ? { inputs: {} } : undefined))}
      />
      <p className={styles['muted']}>{hook.description}</p>
      {isOn ? (
        <>
          <SettingsForm
            fields={hook.fields as Definition['settings']}
            draft={inputs}
            onChange={enter}
            beside={(field) => {
              const known = hook.dynamicFields ?? [];
              if (!known.includes(field)) return null;
              return (
                <div>
                  <AccountChoices
                    of={{
                      destination,
                      action: whole.action,
                      owner: field,
                      known,
                      values: whole.values,
                      hook: name,
                      inputs,
                    }}
                    name={field}
                    field={hook.fields[field]!}
                    value={inputs[field]}
                    onChange={(value) => enter({ ...inputs, [field]: value })}
                  />
                </div>
              );
            }}
          />
          <Made kept={kept ?? {}} hook={hook} label={hook.label} onRun={() => onRun(name)} />
        </>
      ) : (
        <p className={styles['muted']}>{t('hooks.off')}</p>
      )}
    </section>
  );
}

/** The outputs of the hook, and whether they belong to the current inputs. */
function Made({
  kept: { inputs = {}, outputs, ranWith, ranAt, message },
  hook,
  label,
  onRun,
}: {
  readonly kept: KeptHook;
  readonly hook: HookOf;
  readonly label: string;
  readonly onRun: () => Promise<void>;
}): ReactNode {
  const t = useTexts();
  const [isAsking, setAsking] = useState(false);
  const run = useMutation({ mutationFn: onRun, onSettled: () => setAsking(false) });
  if (outputs === undefined) return <p role="status">{t('hooks.first')}</p>;
  const isOld = ranWith !== undefined && sorted(ranWith) !== sorted(inputs);
  return (
    <div role="status">
      {message === undefined ? null : <p>{message}</p>}
      <dl className={styles['differences']} aria-label={t('hooks.made', { name: label })}>
        {Object.entries(outputs).map(([name, value]) => (
          <div key={name}>
            <dt>{hook.outputs?.[name]?.label ?? name}</dt>
            <dd>
              <code>{typeof value === 'string' ? value : JSON.stringify(value)}</code>
            </dd>
          </div>
        ))}
      </dl>
      {ranAt === undefined ? null : (
        <p className={styles['muted']}>
          {t('hooks.ran')} <Time at={ranAt} />
        </p>
      )}
      {isOld ? <p>{t('hooks.changed')}</p> : null}
      {run.isError ? <Failure error={run.error} /> : null}
      {isAsking ? (
        <Button look="danger" disabled={run.isPending} onClick={() => run.mutate()}>
          {t('hooks.again.sure')}
        </Button>
      ) : (
        <Button onClick={() => setAsking(true)}>{t('hooks.again')}</Button>
      )}
    </div>
  );
}
