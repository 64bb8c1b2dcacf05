import { formatDate } from './dates.ts';
import { sortKeys, type Json, type JsonObject } from '../json.ts';
import type { Profile } from './profile.ts';
import type { Project } from './project.ts';
import type { StoredEvent } from './stored.ts';

function who({ email, userId }: Profile): JsonObject {
  return { email: email ?? null, userId: userId ?? null };
}

function name(row: JsonObject): string {
  return JSON.stringify([
    row.userId,
    row.email,
    row.eventName ?? null,
    row.createdAt ?? null,
    row.id ?? null,
  ]);
}

/** Rows in an order that does not depend on when they arrived, with their keys sorted. */
function ordered(rows: JsonObject[]): Json {
  const keyed = rows.map((row) => ({ key: name(row), row }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  return keyed.map(({ row }) => sortKeys(row));
}

function parsed(text: string | undefined): Json {
  // The string was serialised when the item was stored.
  return text === undefined ? {} : (JSON.parse(text) as Json);
}

function event(stored: StoredEvent, parked: boolean): JsonObject {
  return {
    ...who(stored.owner),
    id: stored.id,
    eventName: stored.name,
    createdAt: formatDate(stored.createdAt),
    campaignId: stored.campaignId ?? null,
    templateId: stored.templateId ?? null,
    dataFields: parsed(stored.fields),
    ...(parked ? { parked } : {}),
  };
}

/** Returns the whole content of a project, in a stable order and without the service's own timestamps. */
export function state(project: Project): JsonObject {
  const profiles = [...project.profiles];
  const purchases = [...project.purchases.values()].map((purchase) => ({
    ...who(purchase.owner),
    id: purchase.id,
    total: purchase.total,
    createdAt: formatDate(purchase.createdAt),
    items: parsed(purchase.items),
    dataFields: parsed(purchase.fields),
  }));
  const carts = profiles.filter(({ cart }) => cart !== undefined).map((p) => ({ ...who(p), items: p.cart! }));
  return {
    projectType: project.type,
    profiles: ordered(profiles.map((profile) => ({ ...who(profile), dataFields: { ...profile.fields } }))),
    events: ordered(
      [...project.events.values()].map((stored) => event(stored, !project.profiles.has(stored.owner))),
    ),
    purchases: ordered(purchases),
    carts: ordered(carts),
    lists: [...project.lists.values()].map(({ id, name }) => ({ id, name })),
    catalogs: sortKeys(
      Object.fromEntries(
        [...project.catalogs.values()].map(({ name, items }) => [
          name,
          Object.fromEntries([...items].map(([id, { value }]) => [id, { ...value }])),
        ]),
      ),
    ),
    forgotten: {
      emails: [...project.forgottenEmails].sort(),
      userIds: [...project.forgottenUserIds].sort(),
    },
  };
}
