import { badJsonBody, badParams, common, success, type Reply } from '../model/errors.ts';
import { locate, refusalReply, type Identity } from '../model/identity.ts';
import { isObject, type Json } from '../json.ts';
import type { Profile } from '../model/profile.ts';
import { perSecondAndKey, type ReceivedCall, type Route } from '../http/route.ts';
import { shape } from '../http/shape.ts';
import { adopt } from '../model/stored.ts';

interface ArrayMerge {
  readonly field: string;
  readonly dedupeBy?: string | null;
}

const managedArrays = new Set([
  'devices',
  'browserTokens',
  'shoppingCartItems',
  'emailListIds',
  'userListIds',
]);

function asArray(value: Json | undefined): Json[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/** The two arrays as one, or undefined when the members cannot be distinguished by `dedupeBy`. */
function joined(kept: Json[], added: Json[], dedupeBy: string | undefined): Json[] | undefined {
  if (dedupeBy === undefined) return [...kept, ...added];
  const byKey = new Map<string, Json>();
  for (const member of [...kept, ...added]) {
    if (!isObject(member)) return undefined;
    const key = JSON.stringify(member[dedupeBy] ?? null);
    if (!byKey.has(key)) byKey.set(key, member);
  }
  return [...byKey.values()];
}

function merge(call: ReceivedCall): Reply {
  const { project } = call;
  const body = call.body as Record<string, string | null | undefined>; // the identifiers, by fits(shape)
  const arrays = (call.body.arrayMerge ?? []) as unknown as ArrayMerge[]; // a list of objects, by fits(shape)
  const nameless = arrays.findIndex(({ field }) => typeof field !== 'string');
  if (nameless >= 0)
    return badJsonBody(call.endpoint, { [`obj.arrayMerge[${nameless}].field`]: 'String value expected' });
  const source: Identity = { email: body.sourceEmail ?? null, userId: body.sourceUserId ?? null };
  const destination: Identity = {
    email: body.destinationEmail ?? null,
    userId: body.destinationUserId ?? null,
  };
  if ((source.email ?? source.userId) === null) return badParams('sourceEmail or sourceUserId is required');
  if ((destination.email ?? destination.userId) === null) {
    return badParams('destinationEmail or destinationUserId is required');
  }
  const named = arrays.find(({ field }) => managedArrays.has(field));
  if (named !== undefined) return badParams(`arrayMerge cannot name ${named.field}, which Iterable manages`);
  const from = locate(project, source, 'existing');
  if (from.refused !== undefined) return refusalReply(project, from, 'users');
  const to = locate(project, destination, 'existing');
  const old = from.profile!; // locate for 'existing' gives only profiles that exist
  if (to.refused !== undefined) {
    if (to.refused !== 'notFound') return refusalReply(project, to, 'users');
    if (to.email !== undefined) project.setEmail(old, to.email);
    if (to.userId !== undefined) project.setUserId(old, to.userId);
    project.written(old);
    return success();
  }
  const kept = to.profile!; // as above
  if (kept === old) return badParams('Source and destination are the same user');
  if (call.keyType === 'mobile') return common(403, 'Forbidden', 'This key may merge anonymous users only');
  const wrong = take(kept, old, arrays);
  if (wrong !== undefined) return wrong;
  kept.lastEvent = adopt(kept.lastEvent, old.lastEvent, kept);
  kept.lastPurchase = adopt(kept.lastPurchase, old.lastPurchase, kept);
  old.lastEvent = old.lastPurchase = undefined;
  project.remove(old);
  kept.updatedAt = project.now();
  project.written(kept);
  return success();
}

/** The destination wins for every common field; objects are not merged. */
function take(kept: Profile, old: Profile, arrays: readonly ArrayMerge[]): Reply | undefined {
  const merged = new Map<string, Json[]>();
  for (const { field, dedupeBy } of arrays) {
    const list = joined(asArray(kept.fields[field]), asArray(old.fields[field]), dedupeBy ?? undefined);
    if (list === undefined) return badParams(`dedupeBy needs an array of objects: ${field}`);
    merged.set(field, list);
  }
  for (const key of Object.keys(old.fields)) kept.fields[key] ??= old.fields[key]!;
  for (const [field, list] of merged) kept.fields[field] = list;
  kept.cart ??= old.cart;
  return undefined;
}

/** users/merge. */
export const mergeRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/api/users/merge',
    shape: shape({
      sourceEmail: 'string',
      sourceUserId: 'string',
      destinationEmail: 'string',
      destinationUserId: 'string',
      arrayMerge: 'objects',
    }),
    limits: perSecondAndKey(50),
    keys: 'mobile',
    handle: merge,
  },
];
