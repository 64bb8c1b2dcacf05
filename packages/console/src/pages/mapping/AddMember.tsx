import { type ReactNode, useState } from 'react';
import { Button } from '../../kit/Button.tsx';
import { TextField } from '../../kit/TextField.tsx';
import { useTexts } from '../../preferences.ts';
import styles from './Mapping.module.css';

/** Adds a member of a name that is not there yet, and is no directive. */
export function AddMember({
  names,
  onAdd,
}: {
  readonly names: readonly string[];
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
      <Button type="submit" disabled={!isFree}>
        {t('fields.member.add')}
      </Button>
    </form>
  );
}
