import { describe, expect, it } from 'vitest';
import { type Field, type Fields } from '@waybill/core';
import { iterable } from '@waybill/destinations';
import { readFileSync } from 'node:fs';

interface Facts {
  readonly settings: Readonly<Record<string, Partial<Field>>>;
  readonly actions: Readonly<
    Record<string, { title: string; defaultSubscription: string; batch: boolean; fields: Fields }>
  >;
  readonly presets: readonly Readonly<Record<string, string>>[];
}

// Names, types and defaults of the hosted destination, so that a mapping made there keeps its meaning here.
const facts = JSON.parse(readFileSync(new URL('./definition.json', import.meta.url), 'utf8')) as Facts;

/**
 * A field without its strings, without the address format, which identity resolution checks, and without dynamic choices, which
 * the hosted destination lacks.
 */
function bare(field: Field): object {
  const {
    label: _label,
    description: _description,
    dynamic: _dynamic,
    format,
    properties,
    required,
    ...rest
  } = field;
  return {
    ...rest,
    required: required ?? false,
    ...(format === undefined || format === 'email' ? {} : { format }),
    ...(properties === undefined ? {} : { properties: bareAll(properties) }),
  };
}

function bareAll(fields: Fields): object {
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, bare(field)]));
}

describe('the definition of Iterable', () => {
  it.each(Object.entries(facts.actions))(
    '%s has every field with its type, need and default',
    (key, known) => {
      const action = iterable.actions[key]!;
      expect(action.title).toBe(known.title);
      expect(action.defaultTrigger).toBe(known.defaultSubscription);
      expect(action.batch !== undefined).toBe(known.batch);
      expect(bareAll(action.fields)).toEqual(bareAll(known.fields));
    },
  );

  it('has these additional actions', () => {
    const own = Object.entries(iterable.actions).filter(([key]) => facts.actions[key] === undefined);
    expect(own.map(([key, { title }]) => `${key}: ${title}`)).toEqual([
      'trackPage: Track Page View',
      'trackRefund: Track Refund',
      'updateEmail: Update Email',
      'updateSubscriptions: Update Subscriptions',
      'subscribeToList: Subscribe to List',
      'unsubscribeFromList: Unsubscribe from List',
      'mergeUsers: Merge Users',
      'deleteUser: Delete User',
      'forgetUser: Forget User',
      'upsertCatalogItems: Upsert Catalog Items',
      'deleteCatalogItems: Delete Catalog Items',
    ]);
  });

  it('has no automatic preset that erases people', () => {
    const { deleteUser, forgetUser } = iterable.actions;
    expect([deleteUser!.defaultTrigger, forgetUser!.defaultTrigger]).toEqual([undefined, undefined]);
  });

  it('reads the choices of every dynamic field', () => {
    const dynamic = (fields: Fields): string[] =>
      Object.entries(fields)
        .filter(([, field]) => field.dynamic === true)
        .map(([key]) => key);
    for (const [key, { fields, dynamicFields = {} }] of Object.entries(iterable.actions)) {
      expect([key, Object.keys(dynamicFields).sort()]).toEqual([key, dynamic(fields).sort()]);
    }
  });

  it('has the settings, and additional ones that change nothing by default', () => {
    const {
      projectType,
      apiUrl,
      preferUserId,
      unknownUsers,
      fieldTypes,
      maxNewFields,
      deletionRequests,
      ...known
    } = iterable.settings;
    for (const [name, field] of Object.entries(facts.settings)) expect(known[name]).toMatchObject(field);
    expect(Object.keys(known)).toEqual(Object.keys(facts.settings));
    expect([projectType?.default, apiUrl?.required ?? false]).toEqual(['hybrid', false]);
    const own = [preferUserId, unknownUsers, fieldTypes, maxNewFields, deletionRequests];
    expect(own.map((field) => field?.default)).toEqual([false, 'create', 'off', undefined, 'forget']);
  });

  it('has the presets', () => {
    expect(
      iterable.presets.map((preset) => ({
        name: preset.name,
        type: preset.type,
        action: preset.action,
        ...(preset.type === 'automatic' ? { subscribe: preset.trigger } : { eventSlug: preset.eventSlug }),
        mapping: 'defaults',
      })),
    ).toEqual(facts.presets.map((preset) => expect.objectContaining(preset)));
  });

  it('has no e-mail field that refuses an item by its format', () => {
    expect(JSON.stringify(iterable.actions)).not.toContain('"format":"email"');
  });

  it('has a label and a description everywhere', () => {
    const texts = (fields: Fields): string[] =>
      Object.values(fields).flatMap((field) => [
        field.label,
        field.description,
        ...texts(field.properties ?? {}),
      ]);
    const all = [iterable.settings, ...Object.values(iterable.actions).map(({ fields }) => fields)].flatMap(
      texts,
    );
    expect(all.filter((text) => text === undefined || text === '')).toEqual([]);
  });
});
