import type { AnswerOf } from '@waybill/api';
import { ApiError } from '@waybill/api/client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { FormEvent, ReactNode } from 'react';
import { useBasedDraft } from '../../based-draft.ts';
import { Badge } from '../../kit/Badge.tsx';
import { Button } from '../../kit/Button.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';
import type { SettingsDraft } from '../destinations/settings.ts';
import { SettingsForm } from '../destinations/SettingsForm.tsx';
import sheet from '../../kit/Sheet.module.css';

/** The settings of a source that reads, and whether they work. Unsaved input stays when something else changes. */
export function Settings({
  source,
  version,
}: {
  readonly source: AnswerOf<'GET /api/sources/:id'>;
  readonly version: number | undefined;
}): ReactNode {
  const t = useTexts();
  const client = useClient();
  const queries = useQueryClient();
  const { id, type = '', settings = {} } = source;
  const types = useQuery({ queryKey: ['source-types'], queryFn: () => client.get('/api/source-types') });
  const { draft, setDraft, base, ifMatch, rebase } = useBasedDraft<SettingsDraft>(settings, version);
  const save = useMutation({
    mutationFn: () =>
      client.call('PUT /api/sources/:id', {
        params: { id },
        body: { ...source, settings: draft },
        ifMatch,
      }),
    async onSuccess({ body, version: saved }) {
      rebase(body.settings ?? {}, saved);
      await queries.invalidateQueries({ queryKey: ['sources'] });
    },
  });
  const test = useMutation({
    async mutationFn() {
      const found = await client.post('/api/sources/:id/test', { params: { id } });
      if (found.ok) return found.message ?? t('destinations.test.ok');
      const { code, message } = found.issue;
      throw new ApiError({ code, message, remedy: found.remedy });
    },
  });
  const isChanged = draft !== base.value;
  const chosen = types.data?.find(({ slug }) => slug === type);
  const change = (next: SettingsDraft): void => {
    save.reset();
    test.reset();
    setDraft(next);
  };
  return (
    <form
      className={sheet['stack']}
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <p>{t('sources.reads', { type: chosen?.name ?? type })}</p>
      {chosen === undefined ? null : (
        <SettingsForm
          key={base.version}
          canName
          fields={chosen.settings}
          draft={draft}
          saved={base.value}
          onChange={change}
        />
      )}
      <div className={sheet['row']}>
        <Button type="submit" look="primary" disabled={!isChanged || save.isPending}>
          {t('destinations.save')}
        </Button>
        <Button disabled={isChanged || test.isPending} onClick={() => test.mutate()}>
          {t('sources.test')}
        </Button>
      </div>
      <div role="status">
        {save.isSuccess ? t('destinations.saved') : null}
        {test.isPending ? t('destinations.test.runs') : null}
        {test.isSuccess ? <Badge state="delivered">{test.data}</Badge> : null}
      </div>
      {save.isError ? <Failure error={save.error} /> : null}
      {test.isError ? <Failure error={test.error} /> : null}
      {types.isError ? <Failure error={types.error} /> : null}
    </form>
  );
}
