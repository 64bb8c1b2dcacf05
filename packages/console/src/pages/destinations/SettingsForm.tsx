import type { Definition } from '@waybill/api';
import { Fragment, type ReactNode, useState } from 'react';
import fieldStyles from '../../kit/Field.module.css';
import { Select } from '../../kit/Select.tsx';
import { Switch } from '../../kit/Switch.tsx';
import { TextField } from '../../kit/TextField.tsx';
import { useTexts } from '../../preferences.ts';
import styles from './Destination.module.css';
import { isAsked, isKept, type Setting, type SettingsDraft, variableOf } from './settings.ts';

interface InputProps {
  readonly field: Setting;
  readonly value: unknown;
  /** The saved settings; undefined for a new destination. */
  readonly saved: unknown;
  readonly canName: boolean;
  readonly onChange: (value: unknown) => void;
}

/** The form of a product's settings. A secret is never shown: left empty, it is unchanged. */
export function SettingsForm({
  fields,
  draft,
  saved = {},
  canName = false,
  onChange,
  beside,
}: {
  readonly fields: Definition['settings'];
  readonly draft: SettingsDraft;
  readonly saved?: SettingsDraft;
  /** Whether a secret can be given by an environment variable of the server. */
  readonly canName?: boolean;
  readonly onChange: (draft: SettingsDraft) => void;
  /** The content below a field. */
  readonly beside?: (name: string) => ReactNode;
}): ReactNode {
  return Object.entries(fields)
    .filter(([, field]) => isAsked(field, draft, fields))
    .map(([name, field]) => (
      <Fragment key={name}>
        <SettingInput
          field={field}
          value={draft[name]}
          saved={saved[name]}
          canName={canName}
          onChange={(value) => {
            const { [name]: _before, ...rest } = draft;
            onChange(value === undefined ? rest : { ...rest, [name]: value });
          }}
        />
        {beside?.(name)}
      </Fragment>
    ));
}

function SettingInput(props: InputProps): ReactNode {
  const t = useTexts();
  const { field, value, onChange } = props;
  const { type, label, description, choices, required } = field;
  if (field.multiple === true || type === 'object') return <StructuredInput {...props} />;
  if (type === 'password' || field.format === 'password') return <SecretInput {...props} />;
  if (type === 'boolean') {
    return (
      <div className={fieldStyles['field']}>
        <Switch label={label} checked={(value ?? field.default) === true} onChange={onChange} />
        <span className={fieldStyles['hint']}>{description}</span>
      </div>
    );
  }
  const variable = variableOf(value);
  const note = variable === undefined ? description : t('destinations.variable', { name: variable });
  if (Array.isArray(choices)) {
    const options = choices.map((one: string | { readonly label: string; readonly value: string }) =>
      typeof one === 'string' ? ([one, one] as const) : ([one.value, one.label] as const),
    );
    const preset = options.find(([one]) => one === field.default)?.[1];
    const none =
      preset === undefined
        ? required === true
          ? '…'
          : t('destinations.choose')
        : t('destinations.preset', { value: preset });
    return (
      <Select
        label={label}
        hint={note}
        value={typeof value === 'string' ? value : ''}
        options={[['', none], ...options]}
        onChange={(chosen) => onChange(chosen === '' ? undefined : chosen)}
      />
    );
  }
  const isNumber = type === 'number' || type === 'integer';
  return (
    <TextField
      label={label}
      hint={note}
      type={isNumber ? 'number' : 'text'}
      required={required === true && variable === undefined}
      {...(field.default === undefined ? {} : { placeholder: String(field.default) })}
      value={typeof value === 'string' || typeof value === 'number' ? String(value) : ''}
      onChange={(text) => onChange(text === '' ? undefined : isNumber ? Number(text) : text)}
    />
  );
}

/** A secret as typed text, or by the name of an environment variable. */
function SecretInput({ field, value, saved, canName, onChange }: InputProps): ReactNode {
  const t = useTexts();
  const variable = variableOf(value);
  const [isNamed, setNamed] = useState(variable !== undefined);
  // A cleared field counts as untouched.
  const before = variableOf(saved) === undefined && !isKept(saved) ? undefined : saved;
  const shown = { label: field.label, required: field.required === true && before === undefined };
  return (
    <div className={canName ? styles['secret'] : undefined}>
      {isNamed ? (
        <TextField
          {...shown}
          hint={t('destinations.variable.hint')}
          value={variable ?? ''}
          onChange={(text) => onChange(text === '' ? before : { $env: text })}
        />
      ) : (
        <TextField
          {...shown}
          type="password"
          hint={isKept(value) ? t('destinations.secret') : field.description}
          value={typeof value === 'string' ? value : ''}
          onChange={(text) => onChange(text === '' ? before : text)}
        />
      )}
      {canName ? (
        <Select
          label={t('destinations.secret.as', { label: field.label })}
          value={isNamed ? 'name' : 'text'}
          options={[
            ['text', t('destinations.secret.text')],
            ['name', t('destinations.secret.name')],
          ]}
          onChange={(next) => {
            setNamed(next === 'name');
            onChange(next === 'name' || !isKept(saved) ? undefined : saved);
          }}
        />
      ) : null}
    </div>
  );
}

/** An input for objects by member, or as JSON without known members, and for lists. */
function StructuredInput({ field, value, saved, canName, onChange }: InputProps): ReactNode {
  const t = useTexts();
  const [text, setText] = useState(() => (value === undefined ? '' : JSON.stringify(value, null, 2)));
  const within = field.properties as Definition['settings'] | undefined;
  if (within !== undefined && field.multiple !== true) {
    return (
      <fieldset className={styles['group']}>
        <legend>{field.label}</legend>
        <p className={fieldStyles['hint']}>{field.description}</p>
        <SettingsForm
          fields={within}
          draft={(value ?? {}) as SettingsDraft}
          saved={(saved ?? {}) as SettingsDraft}
          canName={canName}
          onChange={(next) => onChange(Object.keys(next).length === 0 ? undefined : next)}
        />
      </fieldset>
    );
  }
  const read = parsed(text);
  return (
    <TextField
      label={field.label}
      hint={field.description}
      rows={4}
      {...(field.default === undefined ? {} : { placeholder: JSON.stringify(field.default, null, 2) })}
      required={field.required === true}
      value={text}
      problem={read === undefined ? t('destinations.json.broken') : undefined}
      onChange={(next) => {
        setText(next);
        const found = parsed(next);
        // Invalid JSON is sent as text: the server reports the error, and nothing is lost.
        onChange(found === undefined ? next : found.value);
      }}
    />
  );
}

/** Parses typed JSON; empty input is not a value. */
function parsed(text: string): { readonly value: unknown } | undefined {
  if (text.trim() === '') return { value: undefined };
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}
