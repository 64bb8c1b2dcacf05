import type { Field, Fields } from '../../packages/core/src/define/fields.ts';
import type { Mapping } from './published.ts';
import type { Random } from './random.ts';
import { copy } from './upstream.ts';
import { GONE, perturb, valueFor } from './values.ts';

type Members = Record<string, unknown>;

/** A place of the event that a mapping reads, and what below it. */
interface ReadNode {
  /** The fields that get the value. */
  readonly fields: Field[];
  /** Values that the mapping compares with. */
  readonly values: unknown[];
  readonly members: Map<string, ReadNode>;
  /** The items of a list that the mapping goes through. */
  item?: ReadNode;
}

/** What a mapping reads of an event. */
export interface Reads {
  readonly root: ReadNode;
  /** Perturbs one of the places read, in place. */
  readonly perturb: (event: Members, random: Random) => void;
}

function newPlace(): ReadNode {
  return { fields: [], values: [], members: new Map<string, ReadNode>() };
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function descend(place: ReadNode, path: string): ReadNode {
  let at = place;
  for (const key of path.replace('$.', '').split(/[.[\]'"]+/)) {
    if (key === '') continue;
    let next = at.members.get(key);
    if (next === undefined) at.members.set(key, (next = newPlace()));
    at = next;
  }
  return at;
}

function single(field: Field | undefined): Field | undefined {
  if (field?.multiple !== true) return field;
  const { multiple: _multiple, ...rest } = field;
  return rest;
}

function note(place: ReadNode, field: Field | undefined): void {
  if (field !== undefined) place.fields.push(field);
}

function collect(part: unknown, field: Field | undefined, scope: ReadNode): void {
  if (Array.isArray(part)) {
    for (const item of part) collect(item, single(field), scope);
    return;
  }
  if (!isMembers(part)) return;
  const name = Object.keys(part).find((key) => key.startsWith('@'));
  if (name !== undefined) {
    collectDirective(name, part[name], field, scope);
    return;
  }
  const members = field?.properties;
  for (const [key, value] of Object.entries(part)) {
    collect(value, members !== undefined && Object.hasOwn(members, key) ? members[key] : undefined, scope);
  }
}

function collectDirective(name: string, value: unknown, field: Field | undefined, scope: ReadNode): void {
  if (name === '@path' && typeof value === 'string') {
    note(descend(scope, value), field);
  } else if (name === '@if' && isMembers(value)) {
    collect(value['exists'], undefined, scope);
    collect(value['blank'], undefined, scope);
    collect(value['then'], field, scope);
    collect(value['else'], field, scope);
  } else if (name === '@arrayPath' && Array.isArray(value)) {
    collectList(value[0], value[1], field, scope);
  } else if ((name === '@template' || name === '@liquid') && typeof value === 'string') {
    collectText(value, scope);
  } else if (name === '@merge' && isMembers(value)) {
    collect(value['objects'], field === undefined ? undefined : { ...field, multiple: true }, scope);
  } else {
    collect(value, field, scope);
  }
}

function collectList(from: unknown, shape: unknown, field: Field | undefined, scope: ReadNode): void {
  const path = isMembers(from) ? from['@path'] : from;
  if (typeof path !== 'string') {
    collect(from, field, scope);
    return;
  }
  const list = descend(scope, path);
  if (shape === undefined) {
    note(list, field);
    return;
  }
  list.item ??= newPlace();
  collect(shape, single(field), list.item);
}

function collectText(text: string, scope: ReadNode): void {
  const values = [...text.matchAll(/'([^']*)'/g)].map((match) => match[1]);
  for (const [path] of text.matchAll(/\b[a-zA-Z_]\w*(?:\.\w+|\['[^']+'\])+|(?<=\{\{\s*)\w+/g)) {
    descend(scope, path).values.push('ada@example.com', ...values, ...values.map((value) => `${value}r-1&x`));
  }
}

function make(place: ReadNode, present: unknown, random: Random, density: number): unknown {
  if (place.item !== undefined && random.chance(place.members.size > 0 ? 0.3 : 0.9)) {
    const { item } = place;
    const one = (): unknown => make(item, {}, random, density);
    return random.chance(0.1) ? one() : Array.from({ length: random.below(4) }, one);
  }
  const fits = place.fields.length > 0 && random.chance(density);
  const own = fits
    ? valueFor(random.pick(place.fields), random)
    : place.values.length > 0
      ? random.pick(place.values)
      : present;
  if (place.members.size === 0 && place.item === undefined)
    return own === undefined && random.chance(density) ? 'given' : own;
  if (place.members.size > 0 && [...place.members.keys()].every((key) => /^\d+$/.test(key))) {
    const list: unknown[] = Array.isArray(own) ? [...(own as unknown[])] : [];
    for (const [key, member] of place.members)
      list[Number(key)] = make(member, list[Number(key)], random, density);
    return Array.from(list, (item) => item ?? null);
  }
  // A place read whole and also in parts: mostly an object that has the parts, now and then what the whole wants.
  if (own !== present && !isMembers(own) && random.chance(0.3)) return own;
  const object: Members = isMembers(own) ? { ...own } : isMembers(present) ? { ...present } : {};
  // One object in place of a list has what an item of the list has.
  for (const [key, member] of [...(place.item?.members ?? []), ...place.members]) {
    if (!random.chance(density)) continue;
    const value = make(member, object[key], random, density);
    if (value !== undefined) object[key] = value;
  }
  return object;
}

/** Puts suitable values at the paths of an event that a mapping reads; `density` is their share. */
export function synthesise(reads: Reads, event: Members, random: Random, density: number): Members {
  const made: Members = { ...event };
  for (const [key, member] of reads.root.members) {
    // The name and the user of an event mostly stay unchanged.
    if (['type', 'event', 'messageId'].includes(key) && key in event && random.chance(0.5)) continue;
    if (!random.chance(density)) continue;
    const value = make(member, event[key], random, density);
    if (value !== undefined) made[key] = value;
  }
  return copy(made);
}

/** Follows the places of a mapping into an event and perturbs one value on the way. */
function perturbRead(place: ReadNode, tree: unknown, random: Random): void {
  if (typeof tree !== 'object' || tree === null) return;
  if (Array.isArray(tree)) {
    if (tree.length === 0) return;
    const index = random.below(tree.length);
    const inner = place.item ?? place.members.get(String(index));
    if (inner !== undefined && random.chance(0.8)) perturbRead(inner, tree[index], random);
    else {
      const next = perturb(tree[index], random);
      tree[index] = next === GONE ? null : structuredClone(next);
    }
    return;
  }
  const inside = place.members.size > 0 ? place : place.item;
  if (inside === undefined || inside.members.size === 0) return;
  const key = random.pick([...inside.members.keys()]);
  const next = inside.members.get(key)!;
  const members = tree as Members;
  const value = members[key];
  const deeper =
    typeof value === 'object' && value !== null && (next.members.size > 0 || next.item !== undefined);
  if (deeper && random.chance(0.9)) {
    perturbRead(next, value, random);
    return;
  }
  const wrong = perturb(value, random);
  if (wrong === GONE) delete members[key];
  else members[key] = structuredClone(wrong);
}

/** Reads a mapping for the places of the event that it looks at, and the fields that their values go to. */
export function readsOf(mapping: Mapping, fields: Fields): Reads {
  const root = newPlace();
  for (const [key, part] of Object.entries(mapping)) {
    collect(part, Object.hasOwn(fields, key) ? fields[key] : undefined, root);
  }
  return { root, perturb: (event, random) => perturbRead(root, event, random) };
}
