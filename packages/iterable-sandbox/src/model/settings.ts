import { isObject, type Json } from '../json.ts';

/** How a project identifies its users; fixed when the project is created. */
export type ProjectType = 'email' | 'userId' | 'hybrid';

/** The project types, in the order the command line names them. */
export const projectTypes: readonly ProjectType[] = ['email', 'userId', 'hybrid'];

/** The data centre of a project: its keys only work there. */
export type Region = 'us' | 'eu';

/** The data centres. */
export const regions: readonly Region[] = ['us', 'eu'];

/** Returns why a project is impossible, or undefined. */
export function impossible(type: ProjectType, region: Region): string | undefined {
  return type === 'email' && region === 'eu'
    ? 'email-based projects do not exist in the EU data centre'
    : undefined;
}

/** The settings of an administrator, and the limits that support can raise. */
export interface Settings {
  disallowedEventNames: string[];
  createNewFields: boolean;
  userFieldLimit: number;
  eventFieldLimit: number;
  visibilityDelayMs: number;
  /** How long a write waits between being accepted by a single call and being applied. */
  singleDelayMs: number;
  /** The same for bulk calls. */
  bulkDelayMs: number;
  maxBodyBytes: number;
  /** Iterable enables the subscription group endpoints per project; otherwise they are 404. */
  subscriptionGroups: boolean;
}

/** A new project's settings. */
export function defaultSettings(): Settings {
  return {
    disallowedEventNames: [],
    createNewFields: true,
    userFieldLimit: 1000,
    eventFieldLimit: 8000,
    visibilityDelayMs: 0,
    singleDelayMs: 0,
    bulkDelayMs: 0,
    maxBodyBytes: 4_000_000,
    subscriptionGroups: true,
  };
}

/** Changes settings in place; returns the problem of the request, or undefined when all were set. */
export function setSettings(settings: Settings, changes: Json): string | undefined {
  if (!isObject(changes)) return 'settings must be an object';
  const known = new Map<string, unknown>(Object.entries(settings));
  for (const [name, value] of Object.entries(changes)) {
    if (!known.has(name)) {
      return `unknown setting "${name}"; known: ${[...known.keys()].join(', ')}`;
    }
    const current = known.get(name);
    const strings = Array.isArray(current);
    const right = strings
      ? Array.isArray(value) && value.every((item) => typeof item === 'string')
      : typeof value === typeof current && !(typeof value === 'number' && value < 0);
    if (!right) return `setting "${name}" must be ${strings ? 'a list of strings' : `a ${typeof current}`}`;
  }
  Object.assign(settings, changes);
  return undefined;
}
