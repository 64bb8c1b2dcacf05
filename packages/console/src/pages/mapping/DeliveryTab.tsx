import type { MappingConfig } from '@waybill/core';
import type { ReactNode } from 'react';
import type { Whole } from '../../editor/config.ts';
import { Switch } from '../../kit/Switch.tsx';
import { TextField } from '../../kit/TextField.tsx';
import { useTexts } from '../../preferences.ts';
import styles from './Mapping.module.css';

/** The name of a mapping, whether it is enabled, and its delivery options. */
export function DeliveryTab({
  config,
  whole,
  onChange,
}: {
  readonly config: MappingConfig;
  readonly whole: Whole;
  readonly onChange: (config: MappingConfig) => void;
}): ReactNode {
  const t = useTexts();
  const { delivery, ...rest } = config;
  return (
    <div className={styles['stack']}>
      <TextField
        label={t('editor.name')}
        value={config.name ?? whole.name}
        onChange={(name) => onChange({ ...config, name })}
      />
      <Switch
        label={t('editor.enabled')}
        checked={config.enabled ?? true}
        onChange={(enabled) => onChange({ ...config, enabled })}
      />
      <Switch
        label={t('editor.only.changed')}
        checked={delivery?.only === 'changed'}
        onChange={(only) => onChange(only ? { ...config, delivery: { only: 'changed' } } : rest)}
      />
    </div>
  );
}
