import type { ReactNode } from 'react';
import { Button } from '../../kit/Button.tsx';
import { Select } from '../../kit/Select.tsx';
import sheet from '../../kit/Sheet.module.css';
import { TextField } from '../../kit/TextField.tsx';
import { useTexts } from '../../preferences.ts';
import styles from './Destination.module.css';
import type { Fault, Owner, Rule } from './ownership.ts';

/** A source with ID and name. */
export type Sender = readonly [id: string, name: string];

/** A rule: a field, its owner, and the order of sources. */
export function OwnershipRule({
  rule,
  paths,
  senders,
  fault,
  onChange,
  onRemove,
}: {
  readonly rule: Rule;
  readonly paths: readonly string[];
  readonly senders: readonly Sender[];
  readonly fault: Fault | undefined;
  readonly onChange: (rule: Rule) => void;
  readonly onRemove: () => void;
}): ReactNode {
  const t = useTexts();
  const name = rule.path.trim() === '' ? t('ownership.new') : rule.path;
  return (
    <fieldset className={styles['group']}>
      <legend>{name}</legend>
      <TextField
        label={t('ownership.field')}
        hint={t('ownership.field.hint')}
        problem={fault === undefined || fault === 'sources' ? undefined : t(`ownership.fault.${fault}`)}
        offers={paths}
        value={rule.path}
        onChange={(path) => onChange({ ...rule, path })}
      />
      <Select
        label={t('ownership.owner')}
        hint={t(`ownership.owner.${rule.owner}.hint`)}
        problem={fault === 'sources' ? t('ownership.fault.sources') : undefined}
        value={rule.owner}
        options={OWNERS.map((one) => [one, t(`ownership.owner.${one}`)])}
        onChange={(owner) => onChange({ ...rule, owner: owner as Owner })}
      />
      {rule.owner === 'sources' ? (
        <Order
          sources={rule.sources}
          senders={senders}
          onChange={(sources) => onChange({ ...rule, sources })}
        />
      ) : null}
      <div>
        <Button look="quiet" aria-label={t('ownership.remove.one', { name })} onClick={onRemove}>
          {t('ownership.remove')}
        </Button>
      </div>
    </fieldset>
  );
}

const OWNERS = ['destination', 'sources', 'latest'] as const satisfies readonly Owner[];

/** Sources in order of precedence. */
function Order({
  sources,
  senders,
  onChange,
}: {
  readonly sources: readonly string[];
  readonly senders: readonly Sender[];
  readonly onChange: (sources: readonly string[]) => void;
}): ReactNode {
  const t = useTexts();
  const others = senders.filter(([id]) => !sources.includes(id));
  const called = (id: string): string => senders.find(([one]) => one === id)?.[1] ?? id;
  return (
    <>
      {sources.length === 0 ? null : (
        <ol aria-label={t('ownership.order')} className={styles['order']}>
          {sources.map((id, at) => (
            <li key={id}>
              <span className={sheet['row']}>
                <span>{called(id)}</span>
                <Button
                  look="quiet"
                  disabled={at === 0}
                  aria-label={t('ownership.up', { name: called(id) })}
                  onClick={() => onChange(sources.toSpliced(at, 1).toSpliced(at - 1, 0, id))}
                >
                  ↑
                </Button>
                <Button
                  look="quiet"
                  aria-label={t('ownership.remove.one', { name: called(id) })}
                  onClick={() => onChange(sources.toSpliced(at, 1))}
                >
                  ✕
                </Button>
              </span>
            </li>
          ))}
        </ol>
      )}
      {others.length === 0 ? null : (
        <Select
          label={t('ownership.add.source')}
          value=""
          options={[['', '…'], ...others]}
          onChange={(id) => (id === '' ? undefined : onChange([...sources, id]))}
        />
      )}
    </>
  );
}
