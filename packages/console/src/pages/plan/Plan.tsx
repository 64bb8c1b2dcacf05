import type { Source } from '@waybill/api';
import type { Versioned } from '@waybill/api/client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { Button } from '../../kit/Button.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { Loading } from '../../kit/Loading.tsx';
import { Select } from '../../kit/Select.tsx';
import { useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';
import { Violations } from '../sources/Violations.tsx';
import sheet from '../../kit/Sheet.module.css';
import { draftOf, type PlanDraft, planOf } from './draft.ts';
import styles from './Plan.module.css';
import { Rules } from './Rules.tsx';

/** The tracking plan of a source. */
export default function PlanPage(): ReactNode {
  const { id = '' } = useParams({ strict: false }) as { readonly id?: string };
  const t = useTexts();
  const client = useClient();
  const source = useQuery({
    queryKey: ['sources', id],
    queryFn: () => client.call('GET /api/sources/:id', { params: { id } }),
  });
  const all = useQuery({ queryKey: ['sources'], queryFn: () => client.get('/api/sources') });
  const failed = [source, all].find(({ isError }) => isError);
  if (failed !== undefined) return <Failure error={failed.error} onRetry={() => void failed.refetch()} />;
  if (source.data === undefined || all.data === undefined) return <Loading />;
  const { name = id } = source.data.body;
  return (
    <>
      <p>
        <Link to="/sources/$id" params={{ id }}>
          ← {name}
        </Link>
      </p>
      <h1>{t('plan.title', { name })}</h1>
      <Editor key={id} id={id} loaded={source.data} sources={all.data} />
      {source.data.body.plan === undefined && source.data.body.planOf === undefined ? null : (
        <Violations id={id} />
      )}
    </>
  );
}

/** An own plan, or the ID of another source with a plan. */
interface Draft {
  readonly from: string;
  readonly plan: PlanDraft;
}

/** The values for an own plan, and for none, which are not valid IDs. */
const OWN = ' own';
const NONE = ' none';

function Editor({
  id,
  loaded,
  sources,
}: {
  readonly id: string;
  readonly loaded: Versioned<Source>;
  readonly sources: readonly Source[];
}): ReactNode {
  const t = useTexts();
  const client = useClient();
  const queries = useQueryClient();
  const [base, setBase] = useState(loaded);
  const [draft, setDraft] = useState<Draft>(() => written(base.body));
  const [saved, setSaved] = useState(draft);
  const plan = planOf(draft.plan);
  const save = useMutation({
    mutationFn: (next: Draft) => {
      const { plan: _plan, planOf: _planOf, ...rest } = base.body;
      const chosen = next.from === OWN ? { plan: plan! } : next.from === NONE ? {} : { planOf: next.from };
      const body = { ...rest, ...chosen };
      return client.call('PUT /api/sources/:id', { params: { id }, body, ifMatch: base.version ?? '*' });
    },
    async onSuccess(answer, next) {
      setBase(answer);
      setSaved(next);
      await queries.invalidateQueries({ queryKey: ['sources'] });
    },
  });
  const others = sources.filter((one) => one.id !== id && one.plan !== undefined);
  const sharers = sources.filter((one) => one.planOf === id).map((one) => one.name ?? one.id);
  const owner = sources.find((one) => one.id === draft.from);
  return (
    <form
      className={styles['form']}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(draft);
      }}
    >
      <Select
        label={t('plan.from')}
        value={draft.from}
        options={[
          [NONE, t('plan.from.none')],
          [OWN, t('plan.from.own')],
          ...others.map((one) => [one.id, t('plan.from.other', { name: one.name ?? one.id })] as const),
        ]}
        onChange={(from) => setDraft({ ...draft, from })}
      />
      {sharers.length === 0 ? null : <p>{t('plan.shared', { names: sharers.join(', ') })}</p>}
      {draft.from === OWN ? (
        <Rules id={id} draft={draft.plan} onChange={(next) => setDraft({ ...draft, plan: next })} />
      ) : null}
      {owner === undefined ? null : (
        <p>
          <Link to="/sources/$id/plan" params={{ id: owner.id }}>
            {t('plan.open', { name: owner.name ?? owner.id })}
          </Link>
        </p>
      )}
      <div className={sheet['row']}>
        <Button
          type="submit"
          look="primary"
          disabled={draft === saved || save.isPending || (draft.from === OWN && plan === undefined)}
        >
          {t('destinations.save')}
        </Button>
        <span role="status">{save.isSuccess && draft === saved ? t('destinations.saved') : null}</span>
      </div>
      {save.isError ? <Failure error={save.error} /> : null}
    </form>
  );
}

function written({ plan, planOf: shared }: Source): Draft {
  return {
    from: shared ?? (plan === undefined ? NONE : OWN),
    plan: draftOf(plan ?? { rules: [] }),
  };
}
