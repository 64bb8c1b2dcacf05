import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ShownWorkspace, WorkspacePlan } from '@waybill/api';
import { type ReactNode, useState } from 'react';
import { Button } from '../../kit/Button.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { JsonFile } from '../../kit/JsonFile.tsx';
import { TextField } from '../../kit/TextField.tsx';
import { useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';
import { Differences } from './Differences.tsx';
import styles from './Settings.module.css';

/** The workspace as a file, out and in. */
export function Exchange(): ReactNode {
  return (
    <>
      <Export />
      <Import />
    </>
  );
}

function Export(): ReactNode {
  const t = useTexts();
  const client = useClient();
  const download = useMutation({
    mutationFn: async () => save(`${JSON.stringify(await client.get('/api/workspace'), undefined, 2)}\n`),
  });
  return (
    <section>
      <h2>{t('settings.export.title')}</h2>
      <p>{t('settings.export.about')}</p>
      <Button disabled={download.isPending} onClick={() => download.mutate()}>
        {t('settings.export.action')}
      </Button>
      {download.isError ? <Failure error={download.error} /> : null}
    </section>
  );
}

function save(text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = 'waybill-workspace.json';
  link.click();
  URL.revokeObjectURL(address);
}

/** A plan, with its input. */
interface Planned {
  readonly plan: WorkspacePlan;
  readonly workspace: ShownWorkspace;
  /** The version that it is based on: concurrent changes are not overwritten. */
  readonly version: number | undefined;
}

function Import(): ReactNode {
  const t = useTexts();
  const client = useClient();
  const queries = useQueryClient();
  const [text, setText] = useState('');
  const [note, setNote] = useState('');
  const read = parsed(text);
  const plan = useMutation({
    mutationFn: async (workspace: ShownWorkspace): Promise<Planned> => {
      const { version } = await client.call('GET /api/workspace');
      return { plan: await client.post('/api/workspace/plan', { body: { workspace } }), workspace, version };
    },
  });
  const apply = useMutation({
    mutationFn: ({ workspace, version }: Planned) =>
      client.put('/api/workspace', {
        body: workspace,
        ifMatch: version ?? '*',
        query: note.trim() === '' ? {} : { note: note.trim() },
      }),
    async onSuccess() {
      plan.reset();
      setText('');
      setNote('');
      await queries.invalidateQueries();
    },
  });
  const change = (next: string): void => {
    setText(next);
    plan.reset();
    apply.reset();
  };
  return (
    <section>
      <h2>{t('settings.import.title')}</h2>
      <p>{t('settings.import.about')}</p>
      <div className={styles['form']}>
        <JsonFile label={t('settings.import.file')} onText={change} />
        <TextField
          label={t('settings.import.text')}
          value={text}
          onChange={change}
          rows={10}
          problem={'reason' in read ? t('settings.import.broken', { reason: read.reason }) : undefined}
        />
        <div>
          <Button
            look={plan.data === undefined ? 'primary' : 'plain'}
            disabled={!('value' in read) || plan.isPending}
            onClick={() => ('value' in read ? plan.mutate(read.value) : undefined)}
          >
            {t('settings.import.plan')}
          </Button>
        </div>
      </div>
      {plan.isError ? <Failure error={plan.error} /> : null}
      {apply.isError ? <Failure error={apply.error} /> : null}
      {apply.isSuccess ? <p role="status">{t('settings.import.applied')}</p> : null}
      {plan.data === undefined ? null : (
        <Plan
          plan={plan.data.plan}
          note={note}
          onNote={setNote}
          busy={apply.isPending}
          onApply={() => apply.mutate(plan.data)}
        />
      )}
    </section>
  );
}

/** Parses JSON; undefined while invalid. */
function parsed(text: string): { readonly value: ShownWorkspace } | { readonly reason: string } | object {
  if (text.trim() === '') return {};
  try {
    return { value: JSON.parse(text) as ShownWorkspace };
  } catch (error) {
    return { reason: (error as Error).message };
  }
}

function Plan({
  plan: { changes, issues, impact },
  note,
  onNote,
  busy,
  onApply,
}: {
  readonly plan: WorkspacePlan;
  readonly note: string;
  readonly onNote: (note: string) => void;
  readonly busy: boolean;
  readonly onApply: () => void;
}): ReactNode {
  const t = useTexts();
  if (changes.length === 0 && issues.length === 0) return <p role="status">{t('settings.import.same')}</p>;
  const count = changes.length;
  return (
    <section role="status">
      <h2>{t('settings.import.changes', { count })}</h2>
      <ul className={styles['writes']}>
        {impact.map(({ destination: name, what, lag, retrying, deadLetters: letters }) => (
          <li key={name}>{t(`settings.import.impact.${what}`, { name, lag, retrying, letters })}</li>
        ))}
      </ul>
      <Differences changes={changes} />
      {issues.length > 0 ? (
        <div role="alert" className={styles['refused']}>
          <p>{t('settings.import.refused')}</p>
          <ul>
            {issues.map(({ path, message, code }) => (
              <li key={`${path} ${code}`}>
                <code>{path}</code> {message} <code>{code}</code>
              </li>
            ))}
          </ul>
        </div>
      ) : (
        <div className={styles['form']}>
          <TextField label={t('settings.import.note')} value={note} onChange={onNote} />
          <div>
            <Button look="primary" disabled={busy || count === 0} onClick={onApply}>
              {t('settings.import.apply', { count })}
            </Button>
          </div>
        </div>
      )}
    </section>
  );
}
