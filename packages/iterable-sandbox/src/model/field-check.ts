import { formatDate, parseDate } from './dates.ts';
import { badParams, common, type Reply } from './errors.ts';
import type { FieldBook, FieldType, TypeMemory } from './field-book.ts';
import { bare, isObject, type Json, type JsonObject } from '../json.ts';
import type { Settings } from './settings.ts';
import type { Switches } from './switches.ts';

/** The maximum nesting of dataFields; the service publishes no limit, but the walk needs one. */
export const MAX_DEPTH = 50;

const spelled: Record<FieldType, string[]> = {
  string: ['string', 'keyword'],
  long: ['long'],
  double: ['double'],
  boolean: ['boolean'],
  date: ['date'],
  object: ['object'],
  geo_location: ['geo_location'],
};

/**
 * The request-wide type check: inspects the fields of every item first, then either answers for the whole request or commits all new
 * fields. Rewrites dates to their canonical form in the parsed body.
 */
export class FieldCheck {
  readonly #book: FieldBook;
  readonly #settings: Settings;
  readonly #switches: Switches;
  readonly #errors: JsonObject = bare();
  readonly #filtered = new Set<string>();
  #pending: Map<TypeMemory, Map<string, FieldType>> | undefined;
  #firstError = '';
  #errorCount = 0;
  #tooDeep = false;
  /** The moment of the last string found to be a date, so that it is not parsed twice. */
  #dateMs = 0;

  constructor(book: FieldBook, settings: Settings, switches: Switches) {
    this.#book = book;
    this.#settings = settings;
    this.#switches = switches;
  }

  /** Inspects the fields of an item; false when one of them conflicts with its type. */
  inspect(memory: TypeMemory, fields: JsonObject | undefined | null, createNew?: boolean | null): boolean {
    if (fields === undefined || fields === null) return true;
    const before = this.#errorCount;
    if (this.#switches.dottedKeys === 'split') splitDotted(fields);
    this.#object(memory, '', fields, createNew ?? this.#settings.createNewFields, 1);
    return this.#errorCount === before;
  }

  /** Returns the 400 for the whole request, if any. */
  failure(): Reply | undefined {
    if (this.#errorCount > 0) {
      return common(400, 'RequestFieldsTypesMismatched', this.#firstError, {
        validationErrors: this.#errors,
      });
    }
    return this.limitFailure();
  }

  /** Returns the 400 for too many fields in the project, or too deep nesting. */
  limitFailure(): Reply | undefined {
    if (this.#tooDeep) return badParams(`dataFields are nested more than ${MAX_DEPTH} levels deep`);
    if (this.#pending === undefined) return undefined;
    const [users, events]: [string[], string[]] = [[], []];
    for (const [memory, types] of this.#pending) {
      for (const [path, type] of types) {
        if (type === 'object') continue;
        if (memory.category === 'user') users.push(path);
        else events.push(spell(memory, path));
      }
    }
    return (
      exceeded(users, this.#book.userLeaves, this.#settings.userFieldLimit) ??
      exceeded(events, this.#book.eventLeaves, this.#settings.eventFieldLimit)
    );
  }

  /** Remembers the new fields; returns the names for createdFields. */
  commit(): string[] {
    const created: string[] = [];
    if (this.#pending === undefined) return created;
    for (const [memory, types] of this.#pending) {
      for (const [path, type] of types) {
        memory.types.set(path, type);
        created.push(spell(memory, path));
        if (type === 'object') continue;
        if (memory.category === 'user') this.#book.userLeaves += 1;
        else this.#book.eventLeaves += 1;
      }
    }
    return created;
  }

  /** The names for filteredOutFields. */
  filteredOut(): string[] {
    return [...this.#filtered];
  }

  #object(memory: TypeMemory, prefix: string, fields: JsonObject, createNew: boolean, depth: number): void {
    if (depth > MAX_DEPTH) {
      this.#tooDeep = true;
      return;
    }
    for (const key of Object.keys(fields)) {
      const value = fields[key]!;
      if (value === null) continue;
      const path = prefix === '' ? key : `${prefix}.${key}`;
      if (Array.isArray(value)) this.#array(memory, path, fields, key, value, createNew, depth);
      else this.#one(memory, path, fields, key, value, createNew, depth);
    }
  }

  #array(
    memory: TypeMemory,
    path: string,
    holder: JsonObject,
    key: string,
    list: Json[],
    createNew: boolean,
    depth: number,
  ): void {
    for (let index = 0; index < list.length; index += 1) {
      const value = list[index]!;
      if (value === null) continue;
      if (Array.isArray(value)) {
        // A list in a list has no type in the index; its members count for the same field.
        if (depth >= MAX_DEPTH) this.#tooDeep = true;
        else this.#array(memory, path, holder, key, value, createNew, depth + 1);
      } else if (!this.#one(memory, path, list, index, value, createNew, depth)) {
        delete holder[key];
        return;
      }
    }
  }

  /** Checks one value; false when its field is unknown and must not be created, so that it is dropped. */
  #one(
    memory: TypeMemory,
    path: string,
    holder: JsonObject | Json[],
    key: string | number,
    value: Exclude<Json, null | Json[]>,
    createNew: boolean,
    depth: number,
  ): boolean {
    const known = memory.types.get(path) ?? this.#pending?.get(memory)?.get(path);
    const type = this.#typeOf(path, value, known);
    if (known === undefined) {
      if (!createNew) {
        this.#filtered.add(spell(memory, path));
        if (!Array.isArray(holder)) delete holder[key];
        return false;
      }
      this.#remember(memory, path, type);
    } else if (!this.#accepts(known, type)) {
      this.#conflict(memory, path, known, type, value);
      return true;
    }
    if (type === 'date' && known !== 'string') {
      put(holder, key, formatDate(this.#dateMs));
    } else if (type === 'object') {
      this.#object(memory, path, value as JsonObject, createNew, depth + 1); // typeOf says object only for one
    }
    return true;
  }

  #typeOf(path: string, value: Exclude<Json, null | Json[]>, known: FieldType | undefined): FieldType {
    switch (typeof value) {
      case 'string':
        if (known === 'string') return 'string';
        return this.#isDate(value) ? 'date' : 'string';
      case 'number':
        return Number.isInteger(value) ? 'long' : 'double';
      case 'boolean':
        return 'boolean';
      default:
        return path.endsWith('_geo_location') &&
          typeof value.lat === 'number' &&
          typeof value.lon === 'number'
          ? 'geo_location'
          : 'object';
    }
  }

  #isDate(value: string): boolean {
    const ms = parseDate(value, this.#switches.isoWithoutMillis === 'date');
    if (ms === undefined) return false;
    this.#dateMs = ms;
    return true;
  }

  #accepts(known: FieldType, type: FieldType): boolean {
    if (known === type) return true;
    // JSON does not distinguish 10 from 10.0, so a whole number always fits a decimal field.
    if (known === 'double') return type === 'long';
    if (known === 'long') return type === 'double' && this.#switches.doubleIntoLong === 'accepted';
    return false;
  }

  #remember(memory: TypeMemory, path: string, type: FieldType): void {
    this.#pending ??= new Map();
    let types = this.#pending.get(memory);
    if (types === undefined) this.#pending.set(memory, (types = new Map()));
    types.set(path, type);
  }

  #conflict(memory: TypeMemory, path: string, known: FieldType, type: FieldType, value: Json): void {
    const what = memory.category === 'user' ? 'user' : memory.name;
    if (this.#errorCount === 0) {
      this.#firstError =
        `Project 1: The request does not have the same data types as the fields already stored. ` +
        `Field '${path}' already exists for type '${what}' and has a data type of '${known}' ` +
        `but possible types '${spelled[type].join(', ')}' in the request.`;
    }
    this.#errorCount += 1;
    // A request can hold thousands of conflicts; the body lists the first hundred fields.
    if (this.#errorCount > 100) return;
    this.#errors[memory.category === 'user' ? path : `${memory.name}:::${path}`] = {
      incomingTypes: spelled[type],
      expectedType: known,
      offendingValue: value,
      category: memory.category,
      _type: 'UnexpectedType',
    };
  }
}

function spell(memory: TypeMemory, path: string): string {
  return memory.category === 'user' ? path : `${memory.name}.${path}`;
}

function put(holder: JsonObject | Json[], key: string | number, value: Json): void {
  if (Array.isArray(holder)) holder[Number(key)] = value;
  // defineProperty, since plain assignment to a key named __proto__ would be lost.
  else Object.defineProperty(holder, key, { value, writable: true, enumerable: true, configurable: true });
}

function exceeded(added: string[], stored: number, limit: number): Reply | undefined {
  const requestedTotal = stored + added.length;
  if (added.length === 0 || requestedTotal <= limit) return undefined;
  const named = added.slice(0, 100);
  return common(
    400,
    'UniqueFieldsLimitExceeded',
    `Project 1: The request would increase the number of object fields to ${requestedTotal} by adding ` +
      `[${named.join(', ')}], which exceeds the limit of ${limit}`,
    { limit, requestedTotal, newFields: named },
  );
}

/** The other reading of a dotted key: `{"a.b": 1}` means `{"a": {"b": 1}}`. */
function splitDotted(fields: JsonObject): void {
  for (const key of Object.keys(fields)) {
    if (!key.includes('.')) continue;
    const value = fields[key]!;
    delete fields[key];
    const steps = key.split('.');
    const last = steps.pop()!;
    let at = fields;
    for (const step of steps) {
      const next = Object.hasOwn(at, step) ? at[step] : undefined;
      const inner = isObject(next) ? next : bare();
      if (inner !== next) put(at, step, inner);
      at = inner;
    }
    put(at, last, value);
  }
}
