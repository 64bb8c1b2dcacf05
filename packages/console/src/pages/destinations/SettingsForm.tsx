import type { Definition } from '@waybill/api';
import type { ReactNode } from 'react';
import { Select } from '../../kit/Select.tsx';
import { Switch } from '../../kit/Switch.tsx';
import { TextField } from '../../kit/TextField.tsx';
import { useTexts } from '../../preferences.ts';

/** Settings of a destination by their names, as they are edited. */
export type SettingsDraft = Readonly<Record<string, unknown>>;

type Setting = Definition['settings'][string];

/** Whether a value stands for a secret that is kept, and not shown. */
function isKept(value: unknown): boolean {
  return typeof value === 'object' && value !== null && '$secret' in value;
}

function variableOf(value: unknown): string | undefined {
  return typeof value === 'object' && value !== null && '$env' in value ? String(value.$env) : undefined;
}

/** The form of a product's settings. A secret is never shown: what is left empty stays as it was. */
export function SettingsForm({
  fields,
  draft,
  onChange,
}: {
  readonly fields: Definition['settings'];
  readonly draft: SettingsDraft;
  readonly onChange: (draft: SettingsDraft) => void;
}): ReactNode {
  return Object.entries(fields)
    .filter(([, field]) => field.unsafe_hidden !== true)
    .map(([name, field]) => (
      <SettingInput
        key={name}
        field={field}
        value={draft[name]}
        onChange={(value) => {
          const { [name]: _before, ...rest } = draft;
          onChange(value === undefined ? rest : { ...rest, [name]: value });
        }}
      />
    ));
}

function SettingInput({
  field,
  value,
  onChange,
}: {
  readonly field: Setting;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
}): ReactNode {
  const t = useTexts();
  const { type, label, description, choices, required } = field;
  const variable = variableOf(value);
  const note = isKept(value)
    ? t('destinations.secret')
    : variable === undefined
      ? description
      : t('destinations.variable', { name: variable });
  if (type === 'boolean') {
    return <Switch label={label} checked={(value ?? field.default) === true} onChange={onChange} />;
  }
  if (Array.isArray(choices)) {
    const options = choices.map((one: string | { readonly label: string; readonly value: string }) =>
      typeof one === 'string' ? ([one, one] as const) : ([one.value, one.label] as const),
    );
    return (
      <Select
        label={label}
        hint={note}
        value={typeof value === 'string' ? value : ''}
        options={required === true ? [['', '…'], ...options] : [['', t('destinations.choose')], ...options]}
        onChange={(chosen) => onChange(chosen === '' ? undefined : chosen)}
      />
    );
  }
  const isNumber = type === 'number' || type === 'integer';
  return (
    <TextField
      label={label}
      hint={note}
      type={type === 'password' ? 'password' : isNumber ? 'number' : 'text'}
      required={required === true && !isKept(value) && variable === undefined}
      value={typeof value === 'string' || typeof value === 'number' ? String(value) : ''}
      onChange={(text) => onChange(text === '' ? undefined : isNumber ? Number(text) : text)}
    />
  );
}
