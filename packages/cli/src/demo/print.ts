import type { ProjectType } from '../settings.ts';
import type { DayEvent } from './day.ts';
import type { EventStory, Eye, Profile } from './eye.ts';
import { printProse } from '../output/print.ts';
import { visibleLine } from '../output/visible.ts';
import { cut } from '../output/width.ts';

/** A person of the day: by user ID, or by address for guests. */
interface Customer {
  readonly userId: string | undefined;
  readonly email: string | undefined;
}

/** Prints the data in Iterable per customer of the day. */
export async function printCustomers(
  events: readonly DayEvent[],
  eye: Eye,
  projectType: ProjectType,
): Promise<void> {
  const customers = customersOf(events);
  printProse(`\n${customers.length} customers in Iterable\n`);
  for (const customer of customers) {
    const profile = await eye.profile(customer, projectType);
    printProse(describe(customer, profile));
  }
}

function customersOf(events: readonly DayEvent[]): readonly Customer[] {
  const known = new Map<string, Customer>();
  for (const event of events) {
    const traits = event.traits ?? (event.context?.['traits'] as Record<string, unknown> | undefined);
    const given = traits?.['email'] ?? event.properties?.['email'];
    const email = typeof given === 'string' && /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(given) ? given : undefined;
    const key = event.userId ?? email;
    if (key === undefined) continue;
    known.set(key, { userId: event.userId, email: email ?? known.get(key)?.email });
  }
  const addresses = new Set(
    [...known.values()].flatMap((one) => (one.userId === undefined ? [] : [one.email])),
  );
  return [...known.values()].filter((one) => one.userId !== undefined || !addresses.has(one.email));
}

/** Prints profiles as stored in Iterable. */
export function printProfiles(profiles: readonly Profile[]): void {
  printProse(`\n${profiles.length} customers in Iterable\n`);
  for (const profile of profiles) printProse(describe({ userId: undefined, email: profile.email }, profile));
}

function describe(customer: Customer, profile: Profile | undefined): string {
  const who = customer.userId ?? customer.email ?? '';
  if (profile === undefined) return `${who}\n  no profile\n`;
  const lines = [`${[profile.userId, profile.email].filter(Boolean).join('  ') || who}`];
  const fields = Object.entries(profile.fields).map(([name, value]) => `${name} ${short(value)}`);
  if (fields.length > 0) lines.push(`  profile    ${fields.join(' · ')}`);
  if (profile.cart.length > 0) lines.push(`  cart       ${profile.cart.join(' · ')}`);
  for (const purchase of profile.purchases) lines.push(`  purchase   ${purchase}`);
  if (profile.events.length > 0) lines.push(`  events     ${profile.events.join(' · ')}`);
  return `${lines.map(visibleLine).join('\n')}\n`;
}

/** Prints the reason and remedy of every event that was not delivered although a mapping matched. */
export function printRejections(events: readonly DayEvent[], stories: ReadonlyMap<string, EventStory>): void {
  const rows: string[] = [];
  const alike = new Map<string, { count: number; message: string; remedy: string }>();
  for (const [messageId, story] of stories) {
    for (const outcome of story.outcomes) {
      if (outcome.status !== 'rejected') continue;
      const event = events.find((one) => one.messageId === messageId);
      if (outcome.code === 'identity_missing' && event?.expect !== undefined && event.type === 'track') {
        const seen = alike.get(outcome.code);
        alike.set(outcome.code, {
          count: (seen?.count ?? 0) + 1,
          message: outcome.message ?? '',
          remedy: outcome.remedy ?? '',
        });
        continue;
      }
      rows.push(
        [
          `${messageId}  ${event?.event ?? event?.type ?? ''}  ->  ${outcome.code}${outcome.field === undefined ? '' : ` at ${outcome.field}`}`,
          `  why     ${outcome.message ?? ''}`,
          `  remedy  ${outcome.remedy ?? ''}`,
        ]
          .map(visibleLine)
          .join('\n'),
      );
    }
  }
  for (const [code, { count, message, remedy }] of alike) {
    rows.push(
      [`${count} events of unknown visitors -> ${code}`, `  why     ${message}`, `  remedy  ${remedy}`].join(
        '\n',
      ),
    );
  }
  printProse(`\nNot delivered, kept as dead letters\n\n${rows.join('\n\n')}\n`);
}

/** Prints the totals, and whether all outcomes are as expected. */
export function printSummary(stories: ReadonlyMap<string, EventStory>, surprises: readonly string[]): void {
  const counts = new Map<string, number>();
  for (const story of stories.values()) {
    for (const outcome of story.outcomes) counts.set(outcome.status, (counts.get(outcome.status) ?? 0) + 1);
  }
  const sum = [...counts.values()].reduce((total, count) => total + count, 0);
  const parts = ['delivered', 'skipped', 'rejected'].map((status) => `${counts.get(status) ?? 0} ${status}`);
  printProse(`${stories.size} events, ${sum} outcomes: ${parts.join(' + ')}.`);
  if (surprises.length === 0) {
    printProse('Every event has the expected outcome.');
    return;
  }
  printProse(`\n${surprises.length} have another outcome:\n${surprises.map((one) => `  ${one}`).join('\n')}`);
}

function short(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return cut(text, 60);
}
