import type { AnswerOf } from '@waybill/api';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { FormEvent, ReactNode } from 'react';
import { useBasedDraft } from '../../based-draft.ts';
import { Button } from '../../kit/Button.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';
import { Asked, type Draft } from './Asked.tsx';
import sheet from '../../kit/Sheet.module.css';

/** The settings of a processor. Unsaved input stays when something else changes. */
export function Settings({
  processor,
  version,
}: {
  readonly processor: AnswerOf<'GET /api/processors/:id'>;
  readonly version: number | undefined;
}): ReactNode {
  const t = useTexts();
  const client = useClient();
  const queries = useQueryClient();
  const { id, type, settings: _settings, sources: _sources, ...rest } = processor;
  const types = useQuery({
    queryKey: ['processor-types'],
    queryFn: () => client.get('/api/processor-types'),
  });
  const all = useQuery({ queryKey: ['processors'], queryFn: () => client.get('/api/processors') });
  const { draft, setDraft, base, ifMatch, rebase } = useBasedDraft(draftOf(processor), version);
  const save = useMutation({
    mutationFn: () =>
      client.call('PUT /api/processors/:id', {
        params: { id },
        body: { ...rest, id, type, ...draft },
        ifMatch,
      }),
    async onSuccess({ body, version: saved }) {
      rebase(draftOf(body), saved);
      await queries.invalidateQueries({ queryKey: ['processors'] });
    },
  });
  const chosen = types.data?.find(({ slug }) => slug === type);
  const ids = (all.data ?? []).map((one) => one.id);
  return (
    <form
      className={sheet['stack']}
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      {chosen === undefined ? null : (
        <Asked
          key={base.version}
          type={chosen}
          before={ids.slice(0, ids.indexOf(id))}
          draft={draft}
          onChange={(next) => {
            save.reset();
            setDraft(next);
          }}
        />
      )}
      <div className={sheet['row']}>
        <Button
          type="submit"
          look="primary"
          disabled={JSON.stringify(draft) === JSON.stringify(base.value) || save.isPending}
        >
          {t('destinations.save')}
        </Button>
        <span role="status">{save.isSuccess ? t('destinations.saved') : null}</span>
      </div>
      {save.isError ? <Failure error={save.error} /> : null}
      {types.isError ? <Failure error={types.error} /> : null}
    </form>
  );
}

function draftOf({ settings = {}, sources }: AnswerOf<'GET /api/processors/:id'>): Draft {
  return { settings, ...(sources === undefined ? {} : { sources }) };
}
