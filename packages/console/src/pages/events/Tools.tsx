import type { FoundEvent } from '@waybill/api';
import { type ReactNode, useState } from 'react';
import { Button } from '../../kit/Button.tsx';
import { Dialog } from '../../kit/Dialog.tsx';
import { TextField } from '../../kit/TextField.tsx';
import { useTexts } from '../../preferences.ts';
import { triggerOf } from './as-trigger.ts';
import styles from './Events.module.css';
import type { Change } from './Filters.tsx';
import { savedSearches } from './saved.ts';
import { columnsOf, type EventsSearch } from './search.ts';

interface ToolsProps {
  readonly search: EventsSearch;
  readonly rows: readonly FoundEvent[];
  readonly onChange: Change;
  /** Replaces this search. */
  readonly onOpen: (search: EventsSearch) => void;
}

/** The tools of a search: custom columns, saving, download, and filters as a trigger. */
export function Tools({ search, rows, onChange, onOpen }: ToolsProps): ReactNode {
  const t = useTexts();
  const [open, setOpen] = useState<'columns' | 'saved'>();
  const trigger = triggerOf(search);
  return (
    <div className={styles['tools']}>
      <Button onClick={() => setOpen('columns')}>{t('events.columns')}</Button>
      <Button onClick={() => setOpen('saved')}>{t('events.saved')}</Button>
      <Button disabled={rows.length === 0} onClick={() => download(rows)}>
        {t('events.export')}
      </Button>
      <Button disabled={trigger === ''} onClick={() => void navigator.clipboard.writeText(trigger)}>
        {t('events.asTrigger')}
      </Button>
      <Dialog
        title={t('events.columns')}
        open={open === 'columns'}
        onClose={() => setOpen(undefined)}
        dismiss={t('kit.close')}
      >
        <Columns search={search} onChange={onChange} />
      </Dialog>
      <Dialog
        title={t('events.saved')}
        open={open === 'saved'}
        onClose={() => setOpen(undefined)}
        dismiss={t('kit.close')}
      >
        <Saved
          search={search}
          onOpen={(one) => {
            setOpen(undefined);
            onOpen(one);
          }}
        />
      </Dialog>
    </div>
  );
}

function Columns({ search, onChange }: Pick<ToolsProps, 'search' | 'onChange'>): ReactNode {
  const t = useTexts();
  const [path, setPath] = useState('');
  const own = columnsOf(search.columns);
  const set = (columns: readonly string[]): void => onChange({ columns: columns.join(',') });
  return (
    <form
      className={styles['stack']}
      onSubmit={(event) => {
        event.preventDefault();
        if (path.trim() === '') return;
        set([...own, path.trim()]);
        setPath('');
      }}
    >
      <ul className={styles['plain']}>
        {own.map((one) => (
          <li key={one} className={styles['line']}>
            <code>{one}</code>
            <Button
              look="quiet"
              aria-label={t('events.columns.remove', { path: one })}
              onClick={() => set(own.filter((other) => other !== one))}
            >
              ×
            </Button>
          </li>
        ))}
      </ul>
      <TextField
        label={t('events.columns.path')}
        placeholder="properties.total"
        value={path}
        onChange={setPath}
      />
      <Button type="submit">{t('events.columns.add')}</Button>
    </form>
  );
}

function Saved({ search, onOpen }: Pick<ToolsProps, 'search' | 'onOpen'>): ReactNode {
  const t = useTexts();
  const [saved, setSaved] = useState(() => savedSearches.all(localStorage));
  const [name, setName] = useState('');
  return (
    <form
      className={styles['stack']}
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() === '') return;
        savedSearches.keep(localStorage, { name: name.trim(), search });
        setSaved(savedSearches.all(localStorage));
        setName('');
      }}
    >
      {saved.length === 0 && <p>{t('events.saved.none')}</p>}
      <ul className={styles['plain']}>
        {saved.map((one) => (
          <li key={one.name} className={styles['line']}>
            <Button look="quiet" onClick={() => onOpen(one.search)}>
              {one.name}
            </Button>
            <Button
              look="quiet"
              aria-label={t('events.saved.forget', { name: one.name })}
              onClick={() => {
                savedSearches.forget(localStorage, one.name);
                setSaved(savedSearches.all(localStorage));
              }}
            >
              ×
            </Button>
          </li>
        ))}
      </ul>
      <TextField label={t('events.saved.name')} value={name} onChange={setName} />
      <Button type="submit">{t('events.save')}</Button>
    </form>
  );
}

/** Downloads the rows as a file of JSON lines. */
function download(rows: readonly FoundEvent[]): void {
  const lines = rows.map((row) => `${JSON.stringify(row)}\n`);
  const address = URL.createObjectURL(new Blob(lines, { type: 'application/x-ndjson' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = 'events.jsonl';
  link.click();
  URL.revokeObjectURL(address);
}
