import {
  BulkDeleteCatalogItemsParamsSchema,
  BulkUpdateUsersParamsSchema,
  MergeUsersParamsSchema,
  PartialUpdateCatalogItemParamsSchema,
  PartialUpdateCatalogItemsParamsSchema,
  ReplaceCatalogItemParamsSchema,
  SubscribeToListParamsSchema,
  TrackBulkEventsParamsSchema,
  UnsubscribeFromListParamsSchema,
  UpdateEmailParamsSchema,
  UpdateUserSubscriptionsParamsSchema,
} from '@iterable/api';
import type { HttpCall } from '@waybill/core';

interface Schema {
  safeParse(value: unknown): {
    readonly error?: {
      readonly issues: readonly {
        readonly code: string;
        readonly path: readonly PropertyKey[];
        readonly message: string;
        readonly format?: string;
      }[];
    };
  };
}

/** The schemas of the client for every endpoint that it covers; commerce is not among them. */
const SCHEMAS: Readonly<Record<string, (json: unknown) => readonly [Schema, unknown][]>> = {
  '/api/users/bulkUpdate': (json) => [[BulkUpdateUsersParamsSchema, json]],
  '/api/users/updateEmail': (json) => [[UpdateEmailParamsSchema, json]],
  '/api/users/merge': (json) => [[MergeUsersParamsSchema, json]],
  '/api/users/updateSubscriptions': (json) => [[UpdateUserSubscriptionsParamsSchema, json]],
  '/api/users/bulkUpdateSubscriptions': (json) =>
    (json as { updateSubscriptionsRequests: unknown[] }).updateSubscriptionsRequests.map((one) => [
      UpdateUserSubscriptionsParamsSchema,
      one,
    ]),
  '/api/events/trackBulk': (json) => [[TrackBulkEventsParamsSchema, json]],
  '/api/lists/subscribe': (json) => [[SubscribeToListParamsSchema, json]],
  '/api/lists/unsubscribe': (json) => [[UnsubscribeFromListParamsSchema, json]],
};

/** Returns what the client would not send. It accepts fewer addresses than Iterable, so their format is ignored. */
export function strangeIn(call: HttpCall): readonly string[] {
  const path = new URL(call.url).pathname;
  if (call.json === undefined) return [];
  const pairs = SCHEMAS[path]?.(call.json) ?? catalogPairs(path, call);
  return pairs.flatMap(([schema, value]) =>
    (schema.safeParse(value).error?.issues ?? [])
      .filter(({ code, format }) => !(code === 'invalid_format' && format === 'email'))
      .map((issue) => `${path} ${issue.path.map(String).join('.')}: ${issue.message}`),
  );
}

/** The endpoints whose bodies the client checks. */
export const CHECKED_PATHS = Object.keys(SCHEMAS);

function catalogPairs(path: string, { method, json }: HttpCall): readonly [Schema, unknown][] {
  const match = /^\/api\/catalogs\/([^/]+)\/items(?:\/([^/]+))?$/.exec(path);
  if (match === null) return [];
  const named = {
    catalogName: match[1],
    ...(match[2] === undefined ? {} : { itemId: match[2] }),
    ...(json as object),
  };
  const schemas: Readonly<Record<string, Schema | undefined>> =
    match[2] === undefined
      ? { POST: PartialUpdateCatalogItemsParamsSchema, DELETE: BulkDeleteCatalogItemsParamsSchema }
      : { PUT: ReplaceCatalogItemParamsSchema, PATCH: PartialUpdateCatalogItemParamsSchema };
  const schema = schemas[String(method)];
  return schema === undefined ? [] : [[schema, named]];
}
