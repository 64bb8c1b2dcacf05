import type { Field, Fields, Issue } from '@waybill/core';
import type { ReactNode } from 'react';
import { orderFields, typeText, type Values } from '../../editor/config.ts';
import { withMember } from '../../editor/each.ts';
import { placeOf } from '../../editor/picked.ts';
import type { Place } from '../../editor/trace.ts';
import { useTexts } from '../../preferences.ts';
import { AccountChoices, type AccountField, hasChoices } from './AccountChoices.tsx';
import { AddMember } from './AddMember.tsx';
import { takesPath } from './drop.ts';
import { Gives, Issues } from './Gives.tsx';
import styles from './Mapping.module.css';
import { Pick } from './Pick.tsx';
import { useAround } from './use-traced.ts';
import { Value } from './Value.tsx';

/** The common properties of members of a field. */
export interface MembersProps {
  /** The members in the action's definition. */
  readonly fields: Fields | undefined;
  readonly values: Values;
  /** The results of the members for the sample event. */
  readonly given: unknown;
  /** The path of the object in issues. */
  readonly path: string;
  readonly issues: readonly Issue[];
  /** The place of the members in the mapping. */
  readonly at: Place;
  /** The account to choose values from; undefined without one. */
  readonly account: AccountField | undefined;
  readonly onChange: (values: Values) => void;
}

/** The members of an object, with their values, results and problems. */
export function Members(props: MembersProps): ReactNode {
  const { fields, values, given, path, issues, onChange } = props;
  return (
    <div className={styles['stack']}>
      {orderFields(fields ?? {}, values).map((name) => (
        <Member
          key={name}
          {...props}
          name={name}
          field={fields?.[name]}
          resolved={typeof given === 'object' && given !== null ? (given as Values)[name] : undefined}
          own={issues.filter((issue) => issue.path === `${path}.${name}`)}
        />
      ))}
      <AddMember
        names={[...Object.keys(fields ?? {}), ...Object.keys(values)]}
        account={props.account}
        onAdd={(name) => onChange(withMember(values, name, ''))}
      />
    </div>
  );
}

/** An undeclared member. */
const ANY: Field = { type: 'string', label: '', description: '' };

/** Whether a member has choices; an undeclared one has those for any. */
function offers(account: AccountField, name: string, field: Field | undefined): boolean {
  return hasChoices(account, name) || (field === undefined && hasChoices(account, '__values__'));
}

function Member({
  name,
  field,
  values,
  resolved,
  own,
  at,
  account,
  onChange,
}: MembersProps & {
  readonly name: string;
  readonly field: Field | undefined;
  readonly resolved: unknown;
  readonly own: readonly Issue[];
}): ReactNode {
  const t = useTexts();
  const label = field?.label ?? name;
  const { armed, pick } = useAround();
  const place = [...at, name];
  const change = (value: unknown): void => onChange(withMember(values, name, value));
  return (
    <div
      role="group"
      aria-label={label}
      className={`${styles['slot']} ${armed === placeOf(place) ? styles['armed'] : ''}`}
      {...takesPath((keys) => pick(place, keys))}
    >
      <div className={styles['line']}>
        <strong>{label}</strong>
        <span className={styles['muted']}>
          {field === undefined ? null : typeText(field)}
          {field?.required === true ? ` · ${t('editor.required')}` : null}
        </span>
        <span className={styles['actions']}>
          {account === undefined || !offers(account, name, field) ? null : (
            <AccountChoices
              of={account}
              name={name}
              field={field ?? { ...ANY, label: name }}
              value={values[name]}
              onChange={change}
            />
          )}
          <Pick at={place} />
        </span>
      </div>
      <Value value={values[name]} at={place} depth={1} choices={field?.choices} onChange={change} />
      <Gives value={resolved} />
      <Issues issues={own} />
    </div>
  );
}
