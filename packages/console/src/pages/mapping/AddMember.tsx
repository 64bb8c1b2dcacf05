import { type ReactNode, useState } from 'react';
import { Button } from '../../kit/Button.tsx';
import { TextField } from '../../kit/TextField.tsx';
import { useTexts } from '../../preferences.ts';
import { AccountChoices, type AccountField, hasChoices } from './AccountChoices.tsx';
import styles from './Mapping.module.css';

/** Adds a member with a new name that is not a directive. */
export function AddMember({
  names,
  account,
  onAdd,
}: {
  readonly names: readonly string[];
  /** The account to choose names from; undefined without one. */
  readonly account?: AccountField | undefined;
  readonly onAdd: (name: string) => void;
}): ReactNode {
  const t = useTexts();
  const [name, setName] = useState('');
  const isFree =
    name !== '' && name !== '__proto__' && !/^(?:@|__segment_internal_)/.test(name) && !names.includes(name);
  return (
    <form
      className={styles['adds']}
      onSubmit={(event) => {
        event.preventDefault();
        if (!isFree) return;
        onAdd(name);
        setName('');
      }}
    >
      <TextField label={t('fields.member.name')} value={name} onChange={setName} />
      {account === undefined || !hasChoices(account, '__keys__') ? null : (
        <AccountChoices
          of={account}
          name="__keys__"
          field={{ type: 'string', label: t('fields.member.name'), description: '' }}
          value={name}
          onChange={(value) => setName(String(value))}
        />
      )}
      <Button type="submit" disabled={!isFree}>
        {t('fields.member.add')}
      </Button>
    </form>
  );
}
