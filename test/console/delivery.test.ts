import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { expectNoFaults, openConsole, type OpenConsole, skipped } from './console.ts';

const describeInBrowser = skipped ? describe.skip : describe;

describeInBrowser('the console where something does not get through', () => {
  let open: OpenConsole;
  const map = async (eventName: string): Promise<void> => {
    const path = 'destinations/iterable/mappings/track-calls';
    const { body: before } = await open.harness.admin(path);
    const mapping = { ...before.mapping, eventName: { '@path': eventName } };
    const body = { action: 'trackEvent', trigger: 'type = "track"', mapping };
    await open.harness.admin(path, { method: 'PUT', body });
  };
  const send = async (...ids: readonly string[]): Promise<void> => {
    const batch = ids.map((messageId) => ({ type: 'track', event: 'Bought', userId: messageId, messageId }));
    await open.harness.track('batch', { batch });
  };
  beforeAll(async () => {
    open = await openConsole({ server: { retry: { firstDelay: 60_000, maxDelay: 60_000 } } });
    await map('$.properties.name');
    await send('a', 'b', 'c');
    await open.harness.server.idle();
  }, 30_000);
  afterAll(() => open.close());

  it('shows a group of dead letters, says how many would pass after a fix, and replays it', async () => {
    const { page, go, harness } = open;
    await map('$.event');
    await go('/dead-letters');
    const group = page.getByRole('region', { name: 'iterable · track-calls · payload_required · eventName' });
    await group.getByText('3 of 3 would be sent now').waitFor();
    await group.getByRole('button', { name: 'Replay' }).click();
    const dialog = page.getByRole('dialog', { name: 'Replay these dead letters?' });
    await dialog.getByText('3 would be sent').waitFor();
    await dialog.getByRole('button', { name: 'Replay' }).click();
    await page.getByText('3 items are tried again.').waitFor();
    await page.getByText('There are no dead letters.').waitFor();
    await harness.server.idle();
    expect(await harness.steps('a')).toMatchObject([{ status: 'delivered' }]);
  }, 30_000);

  it('shows the limits of every endpoint and what is used of them', async () => {
    const { page, go } = open;
    await go('/limits');
    const lane = page.getByRole('region', { name: 'iterable', exact: true });
    await lane.getByText('POST /api/events/trackBulk').waitFor();
    await lane.getByText('Not called yet').first().waitFor();
  }, 30_000);

  it('shows what waits, and tries it when it is told to', async () => {
    const { page, go, harness } = open;
    const faults = (rules: unknown): Promise<Response> =>
      fetch(`${harness.sandbox.url}/_sandbox/faults`, { method: 'POST', body: JSON.stringify(rules) });
    await faults([{ match: {}, kind: 'status', status: 500 }]);
    await send('w');
    await go('/delivery');
    await page.getByRole('link', { name: 'w', exact: true }).waitFor();
    await faults([]);
    await page.getByRole('button', { name: 'Try now' }).click();
    await page.getByText('Nothing waits.').waitFor();
    expect(await harness.steps('w')).toMatchObject([{ status: 'delivered' }]);
    expectNoFaults(open);
  }, 30_000);
});
