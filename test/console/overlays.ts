import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { Harness } from '../e2e/harness.ts';

const SOURCES = join(import.meta.dirname, '../../packages/console/src');

/** What a source file opens over a page: dialogs, menus and list boxes. The dialog of the kit is what the others are made of. */
const OPENS = /<(?:Dialog|Menu|ComboboxList|ComboboxPopover|Popover|SelectPopover)\s|role="listbox"/g;

/** How many overlays each file of the console has. */
export function overlaysInSource(): ReadonlyMap<string, number> {
  const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter((one) =>
    one.endsWith('.tsx'),
  );
  return new Map(
    files.flatMap((file) => {
      const count = readFileSync(join(SOURCES, file), 'utf8').match(OPENS)?.length ?? 0;
      return count === 0 ? [] : [[file, count] as const];
    }),
  );
}

/** Something that opens over a page. */
export interface Overlay {
  /** The file that has it. */
  readonly file: string;
  readonly name: string;
  readonly path: string;
  readonly open: (page: Page) => Promise<unknown>;
}

const EDITOR = '/destinations/iterable/mappings/bought';

function press(name: string | RegExp): Overlay['open'] {
  return (page) => page.getByRole('main').getByRole('button', { name }).first().click();
}

function tab(name: string, then: Overlay['open']): Overlay['open'] {
  return async (page) => {
    await page.getByRole('tab', { name, exact: true }).click();
    await then(page);
  };
}

/** Every one of them, with how it is opened. */
export const OVERLAYS: readonly Overlay[] = [
  { file: 'frame/GoTo.tsx', name: 'pages to go to', path: '/', open: key('Control+k') },
  { file: 'frame/GoTo.tsx', name: 'what a word finds', path: '/', open: found },
  { file: 'frame/Shortcuts.tsx', name: 'keys', path: '/', open: keys },
  { file: 'frame/PreferencesMenu.tsx', name: 'preferences', path: '/', open: preferences },
  {
    file: 'trigger/TriggerField.tsx',
    name: 'what a trigger could go on with',
    path: '/events',
    open: offers,
  },
  { file: 'pages/start/DemoData.tsx', name: 'demo data', path: '/start', open: press('Send demo data') },
  { file: 'pages/events/Tools.tsx', name: 'columns', path: '/events', open: press('Columns') },
  { file: 'pages/events/Tools.tsx', name: 'saved searches', path: '/events', open: press('Saved searches') },
  { file: 'pages/settings/TokenDialogs.tsx', name: 'new token', path: '/settings', open: press('New token') },
  {
    file: 'pages/settings/TokenDialogs.tsx',
    name: 'renew',
    path: '/settings',
    open: press('Renew the token “ci”'),
  },
  {
    file: 'pages/settings/TokenDialogs.tsx',
    name: 'remove',
    path: '/settings',
    open: press('Remove the token “ci”'),
  },
  {
    file: 'pages/settings/DeleteUser.tsx',
    name: 'delete a user',
    path: '/settings?tab=deletions',
    open: async (page) => {
      await page.getByRole('textbox', { name: 'User ID' }).fill('ada');
      await press('Delete user …')(page);
    },
  },
  {
    file: 'pages/mapping/Suggestions.tsx',
    name: 'suggestions',
    path: EDITOR,
    open: tab('Fields', press(/^Suggest/)),
  },
  {
    file: 'pages/mapping/Segment.tsx',
    name: 'convert',
    path: EDITOR,
    open: tab('Trigger', press('Convert to Waybill')),
  },
  {
    file: 'pages/mapping/SendTest.tsx',
    name: 'send',
    path: EDITOR,
    open: tab('Request', press('Send for real')),
  },
  {
    file: 'pages/mapping/ChooseSample.tsx',
    name: 'sample events',
    path: EDITOR,
    open: press('Choose another event'),
  },
  { file: 'pages/mapping/Versions.tsx', name: 'publish', path: EDITOR, open: press('Publish') },
  { file: 'pages/mapping/Versions.tsx', name: 'roll back', path: EDITOR, open: press('Roll back') },
  {
    file: 'pages/mapping/AccountChoices.tsx',
    name: 'choices of the account',
    path: EDITOR,
    open: tab('Fields', press('Choose from the account')),
  },
  { file: 'pages/sources/WriteKey.tsx', name: 'rotate', path: '/sources/shop', open: press('Rotate key') },
  {
    file: 'pages/plan/ImportPlan.tsx',
    name: 'import of a plan',
    path: '/sources/shop/plan',
    open: async (page) => {
      await page.getByRole('combobox', { name: 'Plan', exact: true }).selectOption('Own plan');
      await press('Import from Segment')(page);
    },
  },
  {
    file: 'pages/sources/CreateSource.tsx',
    name: 'new source',
    path: '/sources',
    open: press('Create source'),
  },
  {
    file: 'pages/processors/CreateProcessor.tsx',
    name: 'new processor',
    path: '/processors',
    open: async (page) => {
      await press('Create processor')(page);
      await page.getByRole('combobox', { name: 'Processor type' }).selectOption('dummy');
    },
  },
  {
    file: 'pages/processors/Remove.tsx',
    name: 'remove a processor',
    path: '/processors/counts',
    open: press('Remove processor…'),
  },
  {
    file: 'pages/destinations/Resync.tsx',
    name: 'send again',
    path: '/destinations/iterable',
    open: press('Resend everything…'),
  },
  {
    file: 'pages/destinations/Delete.tsx',
    name: 'delete a destination',
    path: '/destinations/iterable',
    open: press('Delete destination…'),
  },
  {
    file: 'pages/destinations/CreateDestination.tsx',
    name: 'new destination',
    path: '/destinations',
    open: async (page) => {
      await press('Create destination')(page);
      await page.getByRole('combobox', { name: 'Product' }).selectOption('iterable');
    },
  },
  {
    file: 'pages/mappings/Remove.tsx',
    name: 'remove a mapping',
    path: '/destinations/iterable/mappings',
    open: press(/^Remove/),
  },
  {
    file: 'pages/mappings/Duplicate.tsx',
    name: 'copy',
    path: '/destinations/iterable/mappings',
    open: press(/^Duplicate/),
  },
  {
    file: 'pages/mappings/NewMapping.tsx',
    name: 'new mapping',
    path: '/destinations/iterable/mappings',
    open: press('New mapping'),
  },
  { file: 'pages/dead-letters/Dialogs.tsx', name: 'replay', path: '/dead-letters', open: press('Replay') },
  { file: 'pages/dead-letters/Dialogs.tsx', name: 'dismiss', path: '/dead-letters', open: press('Dismiss') },
];

/** Makes what the overlays are about: a token, a processor, a dead letter, and a mapping that has a draft with a trigger of Segment. */
export async function fillForOverlays({ admin, track, server }: Harness): Promise<void> {
  const expectOk = async (
    asked: Promise<{ readonly status: number; readonly body: unknown }>,
  ): Promise<void> => {
    const { status, body } = await asked;
    if (status >= 300) throw new Error(`${status}: ${JSON.stringify(body)}`);
  };
  await expectOk(admin('processors', { method: 'POST', body: { id: 'counts', type: 'dummy' } }));
  const bought = {
    id: 'bought',
    name: 'Bought',
    action: 'trackEvent',
    trigger: 'type = "track" and event = "Bought"',
    mapping: { userId: { '@path': '$.userId' }, eventName: { '@path': '$.properties.name' } },
  };
  await expectOk(admin('tokens', { method: 'POST', body: { name: 'ci', role: 'read' } }));
  await expectOk(admin('destinations/iterable/mappings', { method: 'POST', body: bought }));
  await expectOk(
    track('track', {
      userId: 'ada',
      event: 'Bought',
      messageId: 'dead',
      properties: { total: 3, campaignId: 7 },
      context: { traits: { email: 'ada@example.com' } },
    }),
  );
  await server.idle();
  const named = {
    ...bought,
    dialect: 'segment',
    mapping: { ...bought.mapping, eventName: { '@path': '$.event' } },
  };
  await expectOk(admin('destinations/iterable/mappings/bought/draft', { method: 'PUT', body: named }));
}

function key(name: string): Overlay['open'] {
  return async (page) => {
    await page.locator('h1').first().waitFor();
    await page.keyboard.press(name);
  };
}

async function found(page: Page): Promise<void> {
  await key('Control+k')(page);
  await page.getByRole('combobox', { name: 'Page, source, destination, mapping or event' }).fill('identify');
  await page
    .getByRole('option', { name: /Mapping of iterable/ })
    .first()
    .waitFor();
}

async function preferences(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Preferences' }).click();
  await page.getByRole('menuitemradio', { name: 'Deutsch' }).waitFor();
}

/** Single keys may be turned off. */
async function keys(page: Page): Promise<void> {
  await preferences(page);
  await page.getByRole('menuitem', { name: 'Keyboard shortcuts' }).click();
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
}

async function offers(page: Page): Promise<void> {
  const box = page
    .getByRole('textbox', { name: 'Search events' })
    .or(page.getByRole('combobox', { name: 'Search events' }));
  await box.focus();
  await page.keyboard.type('even');
  await page.getByRole('listbox').waitFor();
}
