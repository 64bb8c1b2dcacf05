import type { Definition } from '@waybill/api';
import type { MappingConfig } from '@waybill/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { Button } from '../../kit/Button.tsx';
import { Dialog } from '../../kit/Dialog.tsx';
import { Empty } from '../../kit/Empty.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { Select } from '../../kit/Select.tsx';
import { Tabs } from '../../kit/Tabs.tsx';
import { useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';
import styles from './Mappings.module.css';
import { free, fromAction, fromPreset } from './new-mapping.ts';
import { PresetCards } from './PresetCards.tsx';

const WAYS = ['preset', 'action', 'event'] as const;

/** A new mapping from a preset, an action or a seen event. It starts as a draft in the editor, and sends nothing. */
export function NewMapping({
  destination,
  definition,
  taken,
  from,
  onFrom,
  onClose,
}: {
  readonly destination: string;
  readonly definition: Definition;
  readonly taken: readonly string[];
  readonly from: string;
  readonly onFrom: (from: string) => void;
  readonly onClose: () => void;
}): ReactNode {
  const t = useTexts();
  const client = useClient();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [failure, setFailure] = useState<unknown>();
  const begin = async (config: MappingConfig): Promise<void> => {
    setFailure(undefined);
    const mapping = free(config.id, taken);
    const params = { id: destination, mapping };
    try {
      await client.put('/api/destinations/:id/mappings/:mapping/draft', {
        params,
        body: { ...config, id: mapping },
      });
      await queries.invalidateQueries({ queryKey: ['destinations', destination, 'news'] });
      await navigate({ to: '/destinations/$id/mappings/$mapping', params });
    } catch (error) {
      setFailure(error);
    }
  };
  const content = {
    preset: (
      <PresetCards
        destination={destination}
        definition={definition}
        onChoose={(slug) => void begin(fromPreset(slug))}
      />
    ),
    action: <FromAction definition={definition} onBegin={(config) => void begin(config)} />,
    event: <FromEvent definition={definition} onBegin={(config) => void begin(config)} />,
  };
  return (
    <Dialog title={t('mappings.new')} open wide onClose={onClose}>
      <p className={styles['muted']}>{t('mappings.new.about')}</p>
      {failure === undefined ? null : <Failure error={failure} />}
      <Tabs
        label={t('mappings.new')}
        selected={WAYS.find((one) => one === from) ?? 'preset'}
        onSelect={onFrom}
        items={WAYS.map((id) => ({ id, label: t(`mappings.from.${id}`), content: content[id] }))}
      />
    </Dialog>
  );
}

interface FromProps {
  readonly definition: Definition;
  readonly onBegin: (config: MappingConfig) => void;
}

function ActionSelect({
  definition,
  value,
  onChange,
}: {
  readonly definition: Definition;
  readonly value: string;
  readonly onChange: (key: string) => void;
}): ReactNode {
  const t = useTexts();
  const { actions } = definition;
  return (
    <Select
      label={t('mappings.action')}
      hint={actions.find(({ key }) => key === value)?.description}
      value={value}
      options={[['', '…'], ...actions.map(({ key, title }) => [key, title] as const)]}
      onChange={onChange}
    />
  );
}

function FromAction({ definition, onBegin }: FromProps): ReactNode {
  const t = useTexts();
  const [key, setKey] = useState('');
  const action = definition.actions.find((one) => one.key === key);
  return (
    <div className={styles['form']}>
      <ActionSelect definition={definition} value={key} onChange={setKey} />
      <div>
        <Button
          look="primary"
          disabled={action === undefined}
          onClick={() => (action === undefined ? undefined : onBegin(fromAction(action)))}
        >
          {t('mappings.begin')}
        </Button>
      </div>
    </div>
  );
}

function FromEvent({ definition, onBegin }: FromProps): ReactNode {
  const t = useTexts();
  const client = useClient();
  const shapes = useQuery({ queryKey: ['shapes', 'names'], queryFn: () => client.get('/api/shapes') });
  const [at, setAt] = useState('');
  const [key, setKey] = useState('');
  if (shapes.isError) return <Failure error={shapes.error} onRetry={() => void shapes.refetch()} />;
  if (shapes.data?.length === 0) return <Empty title={t('mappings.event.none')} />;
  // Events of the same name from two sources need one mapping.
  const names = new Map((shapes.data ?? []).map((one) => [`${one.type} ${one.event}`, one]));
  const seen = names.get(at);
  const action = definition.actions.find((one) => one.key === key);
  return (
    <div className={styles['form']}>
      <Select
        label={t('mappings.event')}
        value={at}
        options={[['', '…'], ...[...names.keys()].map((one) => [one, one.trim()] as const)]}
        onChange={setAt}
      />
      <ActionSelect definition={definition} value={key} onChange={setKey} />
      <div>
        <Button
          look="primary"
          disabled={action === undefined || seen === undefined}
          onClick={() =>
            action === undefined || seen === undefined ? undefined : onBegin(fromAction(action, seen))
          }
        >
          {t('mappings.begin')}
        </Button>
      </div>
    </div>
  );
}
