import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectNoFaults, findings, openConsole, type OpenConsole, skipped } from './console.ts';
import { tooWide } from './layout.ts';

/** The wait before a retry is random up to this limit: waiting items must not continue before the test has checked them. */
const DAY = 86_400_000;

const describeInBrowser = skipped ? describe.skip : describe;

describeInBrowser('the console where something does not get through', () => {
  let open: OpenConsole;
  const map = async (fields: object): Promise<void> => {
    const path = 'destinations/iterable/mappings/track-calls';
    const { body: before } = await open.harness.admin(path);
    const mapping = { ...before.mapping, ...fields };
    const body = { action: 'trackEvent', trigger: 'type = "track"', mapping };
    await open.harness.admin(path, { method: 'PUT', body });
  };
  const send = async (ids: readonly string[], properties: object = {}): Promise<void> => {
    const batch = ids.map((messageId) => ({
      type: 'track',
      event: 'Bought',
      userId: messageId,
      messageId,
      properties,
    }));
    expect((await open.harness.track('batch', { batch })).status).toBe(200);
  };
  const sandbox = (what: string, body: unknown): Promise<Response> =>
    fetch(`${open.harness.sandbox.url}/_sandbox/${what}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const some = (name: string, count: number): readonly string[] =>
    Array.from({ length: count }, (_, at) => `${name}-${at}`);
  const group = (code: string, field: string) =>
    open.page.getByRole('region', { name: `iterable · track-calls · ${code} · ${field}` });
  beforeAll(async () => {
    open = await openConsole({ server: { retry: { firstDelay: DAY, maxDelay: DAY } } });
    await map({ eventName: { '@path': '$.properties.name' }, createdAt: { '@path': '$.properties.at' } });
    await sandbox('settings', { disallowedEventNames: ['Poison'] });
    await send(some('timeless', 3), { name: 'Sold', at: { no: 'time' } });
    await send(some('poison', 10), { name: 'Poison' });
    await open.harness.server.idle();
  }, 60_000);
  afterAll(() => open.close());

  it('shows the request of one and its problem, and replays it as a corrected copy', async () => {
    const { page, go } = open;
    await go('/dead-letters');
    const poison = group('destination_event_disallowed', 'eventName');
    await poison.getByRole('link', { name: 'Show each item' }).click();
    await page.getByRole('link', { name: 'poison-0', exact: true }).waitFor();
    expect(new URL(page.url()).searchParams.get('field')).toBe('eventName');
    await poison.getByRole('link', { name: 'View the newest' }).click();
    await page.getByRole('region', { name: 'Payload' }).getByText('invalid').waitFor();
    await page.getByText('POST', { exact: false }).first().waitFor();
    expect(await findings(open)).toEqual([]);
    await page.setViewportSize({ width: 320, height: 900 });
    expect(await tooWide(page)).toEqual([]);
    await page.setViewportSize({ width: 1440, height: 900 });
    const correct = page.getByRole('region', { name: 'Correct the event' });
    const text = correct.getByRole('textbox', { name: 'Event' });
    const event = await text.inputValue();
    await text.fill(`${event} and more`);
    await correct.getByText('This is not a JSON object.').waitFor();
    expect(await correct.getByRole('button', { name: 'Replay' }).isDisabled()).toBe(true);
    await text.fill(event.replace('"Poison"', '"Cured"'));
    await page.reload();
    await correct.getByRole('button', { name: 'Discard changes' }).waitFor();
    expect(await text.inputValue()).toContain('"Cured"');
    await correct.getByRole('button', { name: 'Dry run' }).click();
    await correct.getByText('would be sent').waitFor();
    await correct.getByRole('button', { name: 'Replay' }).click();
    const replay = page.getByRole('region', { name: 'Replay', exact: true });
    await replay.getByText('The item is finished.').waitFor();
    await replay.getByText('1 delivered').waitFor();
    await group('destination_event_disallowed', 'eventName').getByText('9 items').waitFor();
    await go('/events/poison-9');
    await page.getByText('From a copy of the event, corrected').waitFor();
  }, 60_000);

  it('dismisses a group with a note in the audit log', async () => {
    const { page, go, harness } = open;
    await go('/dead-letters');
    const timeless = group('payload_wrong_type', 'createdAt');
    await timeless.getByRole('button', { name: 'Dismiss' }).click();
    const dialog = page.getByRole('dialog', { name: 'Dismiss these dead letters?' });
    await dialog.getByRole('textbox', { name: 'Note' }).fill('Of the test shop.');
    await dialog.getByRole('button', { name: 'Dismiss' }).click();
    await page.getByText('3 items were dismissed.').waitFor();
    await timeless.waitFor({ state: 'detached' });
    expect((await harness.admin('audit')).body[0].note).toBe('DELETE /api/dead-letters: Of the test shop.');
  }, 30_000);

  it('shows the limits of every endpoint and their use', async () => {
    const { page, go } = open;
    await go('/limits');
    const lane = page.getByRole('region', { name: 'iterable', exact: true });
    await lane.getByText('POST /api/events/trackBulk').waitFor();
    await lane.getByText('not called yet').first().waitFor();
  }, 30_000);

  it('shows waiting items, and retries them on request', async () => {
    const { page, go, harness } = open;
    await sandbox('faults', [{ match: {}, kind: 'status', status: 500 }]);
    await send(['w'], { name: 'Waits' });
    await go('/delivery');
    await page.getByRole('link', { name: 'w', exact: true }).waitFor();
    const stages = page.getByRole('table', { name: 'Items of iterable by stage' });
    const figures = await stages
      .getByRole('row', { name: /^track-calls/ })
      .getByRole('cell')
      .allInnerTexts();
    // Accepted, matched, ready, delivered, skipped, rejected; what was replayed has ended twice.
    expect(figures.slice(0, 6)).toEqual(['14', '14', '11', '1', '0', '13']);
    const lane = page.getByRole('region', { name: 'iterable', exact: true });
    const reason = lane.getByRole('listitem').filter({ hasText: 'destination_event_disallowed' });
    await reason.getByText('What to do:').waitFor();
    await reason.getByText('Sample events').click();
    await reason
      .getByRole('link', { name: /poison-/ })
      .first()
      .waitFor();
    expect(await findings(open)).toEqual([]);
    await lane.getByRole('link', { name: 'Show items that wait for this' }).click();
    await page.getByRole('link', { name: 'Show all waiting items' }).waitFor();
    await page.getByRole('link', { name: 'u:w', exact: true }).click();
    await page.getByText('All items of this user').waitFor();
    await sandbox('faults', []);
    await page.getByRole('button', { name: 'Try now' }).click();
    await page.getByText('No waiting item matches.').waitFor();
    expect(await harness.steps('w')).toMatchObject([{ status: 'delivered' }]);
    expectNoFaults(open);
  }, 30_000);
});
