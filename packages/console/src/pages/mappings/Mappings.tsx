import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { Button } from '../../kit/Button.tsx';
import { Empty } from '../../kit/Empty.tsx';
import { Failure } from '../../kit/Failure.tsx';
import listStyles from '../../kit/List.module.css';
import { useUndo } from '../../kit/Undo.tsx';
import { useTexts } from '../../preferences.ts';
import { DestinationHead, type LoadedDestination } from '../destinations/DestinationHead.tsx';
import { Drafts } from './Drafts.tsx';
import { Duplicate } from './Duplicate.tsx';
import { MappingRow } from './MappingRow.tsx';
import styles from './Mappings.module.css';
import { NewMapping } from './NewMapping.tsx';
import { Remove } from './Remove.tsx';
import { type Mapping, useMappingNews, useMappings } from './use-mappings.ts';

/** The mappings of a destination. */
export default function Mappings(): ReactNode {
  const { id = '' } = useParams({ strict: false }) as { readonly id?: string };
  return (
    <DestinationHead key={id} id={id}>
      {(loaded) => <List id={id} loaded={loaded} />}
    </DestinationHead>
  );
}

function List({ id, loaded }: { readonly id: string; readonly loaded: LoadedDestination }): ReactNode {
  const t = useTexts();
  const navigate = useNavigate();
  const { new: from } = useSearch({ strict: false }) as { readonly new?: string };
  const open = (next: string | undefined): void =>
    void navigate({ to: '.', search: next === undefined ? {} : { new: next }, replace: true });
  const { news, error } = useMappingNews(id);
  const list = useMappings(id, loaded.body.mappings);
  const [copied, setCopied] = useState<Mapping>();
  const [removed, setRemoved] = useState<Mapping>();
  const { mappings } = list;
  const create = (
    <Button look="primary" onClick={() => open('preset')}>
      {t('mappings.new')}
    </Button>
  );
  return (
    <section aria-labelledby="mappings">
      <div className={styles['top']}>
        <h2 id="mappings">{t('destinations.mappings')}</h2>
        {mappings.length === 0 ? null : create}
      </div>
      {error === null ? null : <Failure error={error} />}
      {list.failure === undefined ? null : <Failure error={list.failure} />}
      {mappings.length === 0 ? (
        <Empty title={t('mappings.none')}>{create}</Empty>
      ) : (
        <Rows id={id} list={list} news={news} onCopy={setCopied} onRemove={setRemoved} />
      )}
      <Drafts
        destination={id}
        drafts={news?.drafts.filter((draft) => !mappings.some((one) => one.id === draft)) ?? []}
      />
      {copied === undefined ? null : (
        <Duplicate
          destination={id}
          mapping={copied}
          taken={mappings.map((one) => one.id)}
          onClose={() => setCopied(undefined)}
        />
      )}
      {removed === undefined ? null : (
        <Remove
          destination={id}
          mapping={removed}
          version={news?.changes.get(removed.id)?.version}
          onClose={() => setRemoved(undefined)}
        />
      )}
      {from === undefined || loaded.definition === undefined ? null : (
        <NewMapping
          destination={id}
          definition={loaded.definition}
          taken={[...mappings.map((one) => one.id), ...(news?.drafts ?? [])]}
          from={from}
          onFrom={open}
          onClose={() => open(undefined)}
        />
      )}
    </section>
  );
}

function Rows({
  id,
  list,
  news,
  onCopy,
  onRemove,
}: {
  readonly id: string;
  readonly list: ReturnType<typeof useMappings>;
  readonly news: ReturnType<typeof useMappingNews>['news'];
  readonly onCopy: (mapping: Mapping) => void;
  readonly onRemove: (mapping: Mapping) => void;
}): ReactNode {
  const t = useTexts();
  const { mappings } = list;
  const undo = useUndo();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [dragged, setDragged] = useState<string>();
  const selected = mappings.filter((one) => chosen.has(one.id)).map((one) => one.id);
  const move = (mapping: Mapping, to: number): void => {
    if (to < 0 || to >= mappings.length || mappings[to]?.id === mapping.id) return;
    const from = mappings.findIndex((one) => one.id === mapping.id);
    const text = t('mappings.moved', { name: mapping.name, place: to + 1, count: mappings.length });
    void done(list.move(mapping.id, to), text, () => list.move(mapping.id, from));
  };
  const enable = (ids: readonly string[], on: boolean): void => {
    const changed = mappings.filter((one) => ids.includes(one.id) && one.enabled !== on);
    const asked = list.enable(ids, on);
    const [first] = changed;
    if (on || first === undefined) return;
    const text =
      changed.length === 1
        ? t('state.isOff', { name: first.name })
        : t('mappings.areOff', { count: changed.length });
    const back = changed.map((one) => one.id);
    void done(asked, text, () => list.enable(back, true));
  };
  /** Offers undo unless refused. */
  const done = async (asked: Promise<unknown>, text: string, back: () => Promise<unknown>): Promise<void> => {
    if ((await asked) !== undefined) return;
    const takeBack = async (): Promise<void> => {
      const refused = await back();
      if (refused !== undefined) throw refused;
    };
    undo({ text, takeBack });
  };
  return (
    <>
      <div className={styles['bulk']}>
        <label className={styles['choose']}>
          <input
            type="checkbox"
            checked={selected.length === mappings.length}
            onChange={({ target }) => setChosen(new Set(target.checked ? mappings.map((one) => one.id) : []))}
          />
          {t('mappings.all')}
        </label>
        {selected.length === 0 ? null : (
          <>
            <span>{t('mappings.chosen', { count: selected.length })}</span>
            <Button onClick={() => enable(selected, true)}>{t('mappings.on')}</Button>
            <Button onClick={() => enable(selected, false)}>{t('mappings.off')}</Button>
          </>
        )}
      </div>
      <ul className={listStyles['list']} aria-label={t('destinations.mappings')}>
        {mappings.map((mapping, at) => (
          <MappingRow
            key={mapping.id}
            destination={id}
            mapping={mapping}
            news={news}
            place={{ at, count: mappings.length }}
            isChosen={chosen.has(mapping.id)}
            onChoose={(on) =>
              setChosen(
                (before) => new Set([...before, mapping.id].filter((one) => on || one !== mapping.id)),
              )
            }
            onEnable={(on) => enable([mapping.id], on)}
            onMove={(to) => move(mapping, to)}
            onCopy={() => onCopy(mapping)}
            onRemove={() => onRemove(mapping)}
            drag={{
              isUnder: dragged !== undefined && dragged !== mapping.id,
              onStart: () => setDragged(mapping.id),
              onEnd: () => setDragged(undefined),
              onDrop: () => {
                const one = mappings.find((other) => other.id === dragged);
                if (one !== undefined) move(one, at);
              },
            }}
          />
        ))}
      </ul>
    </>
  );
}
