import { describe, expect, it } from 'vitest';
import {
  type DefinitionData,
  definitionOf,
  destinationOf,
  destinationPage,
  fromMetadata,
  pageData,
  toMetadata,
} from '@waybill/definitions';
import { readBase } from '../validate/support.ts';

const acme = destinationOf(readBase('definition') as DefinitionData);

describe('the page of a destination', () => {
  it('has its settings, actions with their fields, and presets', () => {
    const page = destinationPage(acme);
    expect(page.startsWith(`# ${acme.name}\n`)).toBe(true);
    for (const { title, description } of Object.values(acme.actions)) {
      expect(page).toContain(`### ${title}`);
      expect(page).toContain(description);
    }
    expect(page).toContain('(`apiKey`) | secret | yes |');
  });

  it('shows where an account is connected, and the setting that replaces it', () => {
    const oauth = { tokenUrl: 'https://acme.example/token', scopes: ['contacts.write'] };
    const page = destinationPage({ ...acme, oauth });
    expect(page).toContain('| authorisation URL | the setting `oauth_authorize_url` |');
    expect(page).toContain('| token URL | `https://acme.example/token` |');
    expect(page).toContain('| scopes | `contacts.write` |');
    expect(destinationPage(acme)).not.toContain('## Account');
    expect(pageData({ ...acme, oauth }, {}).oauth).toEqual(oauth);
  });

  it('has modes, hooks and deletion', () => {
    const { upsert } = acme.actions;
    const titled = { title: { type: 'string', label: 'Title', description: 'Its title.' } } as const;
    const hook = { label: 'Make a list', description: 'Makes one.', fields: titled, outputs: titled };
    const action = {
      ...upsert!,
      syncMode: { choices: [{ value: 'delete', label: 'Remove' }] as const },
      hooks: { onMappingSave: { ...hook, run: async () => ({ outputs: {} }) } },
    };
    const deleteUser = async () => ({ status: 'delivered' }) as const;
    const page = destinationPage({ ...acme, actions: { upsert: action }, deleteUser });
    expect(page).toContain('Sync mode: Remove (`delete`).');
    expect(page).toContain('#### Make a list\n\nMakes one.');
    expect(page).toContain('It makes: Title (`title`).');
    expect(page).toContain('## Deletion');
  });

  it('describes the settings of an audience', () => {
    const fields = { listName: { type: 'string', label: 'List', description: 'Its name.' } } as const;
    const base = readBase('definition') as DefinitionData;
    const listed = destinationOf({ ...base, audiences: fields });
    expect(destinationPage(listed)).toContain('| List (`listName`) | string | no | Its name. |');
    expect(pageData(listed, {}).audiences).toEqual(fields);
    expect(toMetadata(definitionOf(listed)).audienceConfig).toMatchObject({ fields: { listName: {} } });
    expect(fromMetadata(toMetadata(definitionOf(listed))).audiences).toEqual(fields);

    for (const [audienceMode, mode, words] of [
      [{ type: 'realtime' }, { type: 'realtime' }, 'as they enter or leave'],
      [
        { type: 'synced', fullSync: true },
        { type: 'synced', full_audience_sync: true },
        'in runs with all members',
      ],
    ] as const) {
      const timed = destinationOf({ ...base, audienceMode });
      expect(destinationPage(timed)).toContain(`## Audiences\n\nIt expects members ${words}.`);
      expect(pageData(timed, {}).audienceMode).toEqual(audienceMode);
      expect(toMetadata(definitionOf(timed)).audienceConfig).toEqual({ mode });
      expect(fromMetadata(toMetadata(definitionOf(timed))).audienceMode).toEqual(audienceMode);
    }
  });

  it('as data shows the defaults of an action, and only the names of given settings', () => {
    const data = pageData(acme, { apiKey: 'do-not-show' });
    expect(data.given).toEqual(['apiKey']);
    expect(JSON.stringify(data)).not.toContain('do-not-show');
    expect(data.actions.map(({ key }) => key)).toEqual(Object.keys(acme.actions));
    expect(data.actions.every(({ trigger }) => trigger !== '')).toBe(true);
  });
});
