import type { Field } from '@waybill/core';
import type { ReactNode } from 'react';
import { type Card as Shape, cardOf, withSlot, WRAPS } from '../../editor/card.ts';
import type { Values } from '../../editor/config.ts';
import { membersOf, withMember } from '../../editor/each.ts';
import { placeOf } from '../../editor/picked.ts';
import type { Place } from '../../editor/trace.ts';
import { asKind, type Shown, shownOf, VALUE_KINDS } from '../../editor/value.ts';
import { Button } from '../../kit/Button.tsx';
import { Select } from '../../kit/Select.tsx';
import { useTexts } from '../../preferences.ts';
import { AddMember } from './AddMember.tsx';
import { takesPath } from './drop.ts';
import { Gives, Turned } from './Gives.tsx';
import styles from './Mapping.module.css';
import { Pick } from './Pick.tsx';
import { useAround, useTraced } from './use-traced.ts';
import { Written } from './Written.tsx';

/** The maximum nesting of cards and tables; deeper parts are JSON. */
const DEEPEST = 8;
/** The maximum number of members or items shown one by one; more are JSON. */
const MOST = 50;

interface ValueProps {
  readonly value: unknown;
  /** Its place in the mapping. */
  readonly at: Place;
  readonly onChange: (value: unknown) => void;
  readonly depth?: number;
  /** The choices of the field, if few. */
  readonly choices?: Field['choices'];
  /** Shown instead of a card or JSON. */
  readonly body?: ReactNode;
}

/** A value of the mapping language: its kind, and an editor. */
export function Value({ value, at, choices, body, onChange, depth = 0 }: ValueProps): ReactNode {
  const t = useTexts();
  const shown = shownOf(value);
  const traced = useTraced(at, value);
  const inner = { value, at, onChange, depth };
  const table = body ?? (depth < DEEPEST ? tableOf(inner) : undefined);
  const isWide = shown.kind === 'json';
  return (
    <div className={styles['value']}>
      <div className={styles['kind']}>
        <Select
          label={t('editor.kind')}
          value={shown.kind}
          options={VALUE_KINDS.map((kind) => [
            kind,
            kind === 'json' ? nameOf(shown, table, t) : t(`editor.kind.${kind}`),
          ])}
          onChange={(kind) => onChange(asKind(value, kind as Shown['kind']))}
        />
      </div>
      {shown.kind === 'empty' || isWide ? null : (
        <div className={styles['grows']}>
          {choices !== undefined && shown.kind === 'text' ? (
            <Select
              label={t('editor.value')}
              value={shown.text}
              options={optionsOf(choices, shown.text)}
              onChange={onChange}
            />
          ) : (
            <Written shown={shown} traced={traced} onChange={onChange} />
          )}
        </div>
      )}
      {shown.kind !== 'empty' && depth < DEEPEST - 1 ? (
        <div className={styles['wrap']}>
          <Select
            label={t('editor.wrap')}
            value=""
            options={[['', t('editor.wrap.none')], ...Object.keys(WRAPS).map((one) => [one, one] as const)]}
            onChange={(one) => onChange(WRAPS[one]?.(value) ?? value)}
          />
        </div>
      ) : null}
      {!isWide ? null : (
        <div className={styles['whole']}>
          {table === undefined ? (
            <Written shown={shown} traced={traced} onChange={onChange} />
          ) : (
            <>
              {table}
              {/* What is within a field is JSON there too. */}
              {depth > 0 ? null : (
                <details>
                  <summary className={styles['summary']}>{t('editor.json')}</summary>
                  <Written shown={shown} traced={traced} onChange={onChange} />
                </details>
              )}
            </>
          )}
        </div>
      )}
    </div>
  );
}

type Inner = Required<Pick<ValueProps, 'value' | 'at' | 'onChange' | 'depth'>>;

/** The editor of the parts of a value: a card, a table of members, or a list; undefined without known parts. */
function tableOf(inner: Inner): ReactNode {
  const card = cardOf(inner.value);
  if (card !== undefined) return <Card card={card} {...inner} />;
  const members = membersOf(inner.value);
  if (members !== undefined && Object.keys(members).length <= MOST)
    return <MembersOf members={members} {...inner} />;
  const isList = Array.isArray(inner.value) && inner.value.length <= MOST;
  return isList ? <ItemsOf items={inner.value as readonly unknown[]} {...inner} /> : undefined;
}

/** The name of a JSON value: its directive, if known. */
function nameOf(shown: Shown, table: ReactNode, t: ReturnType<typeof useTexts>): string {
  if (shown.kind !== 'json' || table === undefined) return t('editor.kind.json');
  return shown.directive ?? t(shown.text.startsWith('[') ? 'fields.kind.list' : 'fields.kind.members');
}

/** The choices of a field, plus the current value if it is none of them. */
function optionsOf(
  choices: NonNullable<Field['choices']>,
  now: string,
): readonly (readonly [string, string])[] {
  const known = choices.map((one) =>
    typeof one === 'string' ? ([one, one] as const) : ([one.value, one.label] as const),
  );
  return known.some(([value]) => value === now) ? known : [[now, now], ...known];
}

/** A directive with an editor for each of its values, and its result. */
function Card({ card, value, at, onChange, depth }: Inner & { readonly card: Shape }): ReactNode {
  const t = useTexts();
  const { directive, slots, grows } = card;
  const traced = useTraced(at, value);
  const main = slots.find(({ key }) => key === 'value');
  const place = (key: string): Place => [...at, directive, ...(key === '' ? [] : [key])];
  const before = useTraced(place('value'), main?.value);
  return (
    <div role="group" aria-label={directive} className={styles['card']}>
      {slots.map(({ key, value: one, words }) =>
        words === undefined ? (
          <Part
            key={key}
            name={key === '' ? directive : key}
            isNamed={key !== ''}
            value={one}
            at={place(key)}
            depth={depth + 1}
            onChange={(next) => onChange(withSlot(value, key, next))}
          />
        ) : (
          <div key={key} role="group" aria-label={key} className={styles['slot']}>
            <Select
              label={key}
              value={typeof one === 'string' ? one : ''}
              options={[['', t('editor.choice.none')], ...words.map((word) => [word, word] as const)]}
              onChange={(word) => onChange(withSlot(value, key, word === '' ? undefined : word))}
            />
          </div>
        ),
      )}
      {grows ? (
        <Button look="quiet" onClick={() => onChange(withSlot(value, String(slots.length), ''))}>
          {t('editor.add.value')}
        </Button>
      ) : null}
      {traced === undefined || before === undefined ? null : <Turned from={before.value} to={traced.value} />}
    </div>
  );
}

/** The members of an object, with adding. */
function MembersOf({ members, at, onChange, depth }: Inner & { readonly members: Values }): ReactNode {
  return (
    <div className={styles['card']}>
      {Object.entries(members).map(([name, one]) => (
        <Part
          key={name}
          name={name}
          value={one}
          at={[...at, name]}
          depth={depth + 1}
          onChange={(next) => onChange(withMember(members, name, next))}
        />
      ))}
      <AddMember names={Object.keys(members)} onAdd={(name) => onChange(withMember(members, name, ''))} />
    </div>
  );
}

/** The items of a literal list. */
function ItemsOf({ items, at, onChange, depth }: Inner & { readonly items: readonly unknown[] }): ReactNode {
  const t = useTexts();
  return (
    <div className={styles['card']}>
      {items.map((one, place) => (
        <Part
          key={place}
          name={String(place)}
          value={one}
          at={[...at, String(place)]}
          depth={depth + 1}
          onChange={(next) =>
            onChange(next === undefined ? items.toSpliced(place, 1) : items.with(place, next))
          }
        />
      ))}
      <Button look="quiet" onClick={() => onChange([...items, ''])}>
        {t('editor.add.value')}
      </Button>
    </div>
  );
}

/** A nested value with its name and result; a drop replaces it. */
function Part({
  name,
  isNamed = true,
  ...inner
}: Inner & { readonly name: string; readonly isNamed?: boolean }): ReactNode {
  const { armed, pick } = useAround();
  const traced = useTraced(inner.at, inner.value);
  return (
    <div
      role="group"
      aria-label={name}
      className={`${styles['slot']} ${armed === placeOf(inner.at) ? styles['armed'] : ''}`}
      {...takesPath((keys) => pick(inner.at, keys))}
    >
      <div className={styles['line']}>
        {isNamed ? <code>{name}</code> : null}
        <span className={styles['actions']}>
          <Pick at={inner.at} name={name} />
        </span>
      </div>
      <Value {...inner} />
      {traced === undefined || name === 'value' ? null : <Gives value={traced.value} />}
    </div>
  );
}
