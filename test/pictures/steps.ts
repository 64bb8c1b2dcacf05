import type { Page } from 'playwright-core';
import type { Harness } from '../e2e/harness.ts';

/** What a step works with. */
export interface Stage {
  readonly page: Page;
  readonly harness: Harness;
}

/** One step of the guide, and the picture of what is to be seen after it. */
export interface Step {
  readonly picture: string;
  readonly take: (stage: Stage) => Promise<unknown>;
}

const MAPPING = '/destinations/iterable/mappings/good-reviews';

/** A mapping with a mistake: reviews have no headline. */
export async function addReviews({ admin }: Harness): Promise<void> {
  const user = { email: { '@path': '$.context.traits.email' }, userId: { '@path': '$.userId' } };
  const body = {
    id: 'good-reviews',
    name: 'Good reviews',
    action: 'trackEvent',
    trigger: 'type = "track" and event = "Product Reviewed" and properties.rating >= 4',
    mapping: {
      ...user,
      eventName: { '@path': '$.properties.headline' },
      dataFields: { '@path': '$.properties' },
    },
  };
  const { status } = await admin('destinations/iterable/mappings', { method: 'POST', body });
  if (status !== 201) throw new Error(`The mapping was not taken: ${status}.`);
}

/** The steps of the guide, in its order. */
export const STEPS: readonly Step[] = [
  {
    picture: 'sign-in',
    take: ({ page }) => page.getByRole('textbox', { name: 'Admin token' }).waitFor(),
  },
  {
    picture: 'overview',
    async take({ page, harness }) {
      await page.getByRole('textbox', { name: 'Admin token' }).fill(harness.server.adminToken);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
      await page.getByRole('link', { name: /^Events accepted/ }).waitFor();
    },
  },
  {
    picture: 'first-run',
    async take({ page }) {
      await go(page, '/start');
      await page.getByRole('heading', { name: 'First run' }).waitFor();
    },
  },
  {
    picture: 'source',
    async take({ page }) {
      await page.getByRole('link', { name: 'Sources' }).click();
      await page.getByRole('link', { name: 'shop' }).click();
      await page.getByRole('heading', { name: 'shop', level: 1 }).waitFor();
    },
  },
  {
    picture: 'destination',
    async take({ page }) {
      await page.getByRole('link', { name: 'Destinations' }).click();
      await page.getByRole('main').getByRole('link', { name: 'iterable' }).click();
      await page.getByRole('button', { name: 'Test connection' }).click();
      await page.getByRole('status').first().waitFor();
    },
  },
  {
    picture: 'mappings',
    async take({ page }) {
      await page.getByRole('link', { name: 'Mappings', exact: true }).click();
      await page.getByRole('link', { name: 'Good reviews' }).waitFor();
    },
  },
  {
    picture: 'events',
    async take({ page }) {
      await page.getByRole('link', { name: 'Events', exact: true }).click();
      await page.getByLabel('Search events').fill('event = "Product Reviewed"');
      await page.getByRole('button', { name: 'Search', exact: true }).click();
      await page
        .getByRole('row', { name: /Product Reviewed/ })
        .first()
        .waitFor();
    },
  },
  {
    picture: 'story',
    async take({ page }) {
      await page.getByRole('link', { name: 'Product Reviewed' }).first().click();
      await page.getByRole('heading', { name: 'Product Reviewed', level: 1 }).waitFor();
      await page.getByRole('button', { name: 'Why?' }).click();
      await page.getByText('Why, for each mapping').waitFor();
    },
  },
  {
    picture: 'dead-letters',
    async take({ page }) {
      await page.getByRole('link', { name: 'Dead letters' }).click();
      const group = page.getByRole('region', { name: /good-reviews/ });
      await group.getByText('0 of 4 would be sent now').waitFor();
    },
  },
  {
    picture: 'mapping',
    async take({ page }) {
      await go(page, `${MAPPING}?tab=fields`);
      const name = page.getByRole('group', { name: 'Event Name', exact: true });
      await name.getByText('payload_required').waitFor();
    },
  },
  {
    picture: 'dry-run',
    async take({ page }) {
      const name = page.getByRole('group', { name: 'Event Name', exact: true });
      await name.getByRole('textbox', { name: 'Value' }).fill('$.event');
      await page.getByRole('button', { name: 'Dry run' }).click();
      await page.getByText('Draft saved').waitFor();
    },
  },
  {
    picture: 'publish',
    async take({ page }) {
      await page.getByRole('button', { name: 'Publish' }).click();
      await page.getByRole('dialog').getByRole('textbox').fill('reviews have no headline');
    },
  },
  {
    picture: 'replay',
    async take({ page }) {
      await page.getByRole('dialog').getByRole('button', { name: 'Publish' }).click();
      await page.getByRole('dialog').waitFor({ state: 'hidden' });
      await page.getByRole('link', { name: 'Dead letters' }).click();
      const group = page.getByRole('region', { name: /good-reviews/ });
      await group.getByRole('button', { name: 'Replay' }).click();
      await page.getByRole('dialog').getByText('would be sent').waitFor();
    },
  },
  {
    picture: 'delivery',
    async take({ page, harness }) {
      await page.getByRole('dialog').getByRole('button', { name: 'Replay' }).click();
      await page.getByRole('dialog').waitFor({ state: 'hidden' });
      await harness.server.idle();
      await page.getByRole('link', { name: 'Delivery' }).click();
      await page.getByRole('heading', { name: 'Delivery', level: 1 }).waitFor();
    },
  },
  {
    picture: 'limits',
    async take({ page }) {
      await page.getByRole('link', { name: 'Limits' }).click();
      await page.getByRole('heading', { name: 'Limits', level: 1 }).waitFor();
    },
  },
  {
    picture: 'settings',
    async take({ page }) {
      await page.getByRole('link', { name: 'Settings' }).click();
      await page.getByRole('tab', { name: 'Audit log' }).click();
      await page.getByText('good-reviews').first().waitFor();
    },
  },
];

/** Goes to a page without losing the session. */
async function go(page: Page, path: string): Promise<void> {
  await page.evaluate((to) => {
    history.pushState(null, '', to);
    dispatchEvent(new PopStateEvent('popstate'));
  }, `/console${path}`);
}
