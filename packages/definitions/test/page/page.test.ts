import { describe, expect, it } from 'vitest';
import { type DefinitionData, destinationOf, destinationPage, pageData } from '@waybill/definitions';
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

  it('says where an account is connected, and what a setting says instead', () => {
    const oauth = { tokenUrl: 'https://acme.example/token', scopes: ['contacts.write'] };
    const page = destinationPage({ ...acme, oauth });
    expect(page).toContain('| authorisation URL | the setting `oauth_authorize_url` |');
    expect(page).toContain('| token URL | `https://acme.example/token` |');
    expect(page).toContain('| scopes | `contacts.write` |');
    expect(destinationPage(acme)).not.toContain('## Account');
  });

  it('as data shows what an action starts with, and of given settings only the names', () => {
    const data = pageData(acme, { apiKey: 'do-not-show' });
    expect(data.given).toEqual(['apiKey']);
    expect(JSON.stringify(data)).not.toContain('do-not-show');
    expect(data.actions.map(({ key }) => key)).toEqual(Object.keys(acme.actions));
    expect(data.actions.every(({ trigger }) => trigger !== '')).toBe(true);
  });
});
