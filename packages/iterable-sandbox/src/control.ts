import type { Api } from './routes/index.ts';
import type { Calls } from './http/calls.ts';
import { json, type Reply } from './model/errors.ts';
import { exportFile } from './routes/exports.ts';
import type { Faults } from './http/faults.ts';
import { isObject, type Json } from './json.ts';
import type { Project } from './model/project.ts';
import {
  defaultSettings,
  impossible,
  projectTypes,
  regions,
  setSettings,
  type ProjectType,
  type Region,
} from './model/settings.ts';
import { state } from './model/state.ts';
import { defaultSwitches, describeSwitches, setSwitches } from './model/switches.ts';

/** The maximum number of items of the log in an answer. */
const MOST_ITEMS = 100_000;

/** The sandbox's own endpoints under /_sandbox/, which need no key. */
export class Control {
  readonly #project: Project;
  readonly #api: Api;
  readonly #calls: Calls;
  readonly #faults: Faults;

  constructor(project: Project, api: Api, calls: Calls, faults: Faults) {
    this.#project = project;
    this.#api = api;
    this.#calls = calls;
    this.#faults = faults;
  }

  /** Answers one control call. */
  answer(method: string, path: string, queryText: string, body: Buffer): Reply {
    const query = new URLSearchParams(queryText);
    const name = path.slice('/_sandbox/'.length);
    this.#project.queues.settle();
    if (method === 'GET') return this.#get(name, query);
    if (method !== 'POST') return wrong(405, `${method} is not used here`);
    let sent: Json = {};
    try {
      // JSON.parse is typed `any`; whatever it gives is Json.
      if (body.length > 0) sent = JSON.parse(body.toString('utf8')) as Json;
    } catch {
      return wrong(400, 'the body is not JSON');
    }
    return this.#post(name, sent);
  }

  #get(name: string, query: URLSearchParams): Reply {
    const project = this.#project;
    switch (name) {
      case 'health':
        return this.#health();
      case 'stats':
        return json(stats(project));
      case 'state':
        return json(state(project));
      case 'switches':
        return json(describeSwitches(project.switches));
      case 'settings':
        return json(project.settings);
      case 'faults':
        return json(this.#faults.list());
      case 'calls':
        return json({ calls: this.#calls.last(Number(query.get('limit') ?? 50) || 50) });
      case 'log': {
        const user = query.get('user');
        return user === null ? logPage(project, query) : json({ user, items: project.log.of(user) });
      }
      case 'sends':
        return json({ sends: project.sends });
      case 'queues':
        return json(project.queues.counts());
      default: {
        const file = /^exports\/(\d+)$/.exec(name)?.[1];
        const found = file === undefined ? undefined : exportFile(project, Number(file));
        return found ?? wrong(404, `unknown control path: ${name}`);
      }
    }
  }

  #post(name: string, sent: Json): Reply {
    const project = this.#project;
    switch (name) {
      case 'faults':
        return done(this.#faults.replace(sent), () => this.#faults.list());
      case 'switches':
        if (!isObject(sent)) return wrong(400, 'switches must be an object');
        return done(setSwitches(project.switches, sent), () => describeSwitches(project.switches));
      case 'settings':
        return done(setSettings(project.settings, sent), () => {
          if (project.settings.visibilityDelayMs > 0) project.delayFromNow();
          return project.settings;
        });
      case 'settle':
        project.queues.settle(Infinity);
        return json(project.queues.counts());
      case 'reset':
        return this.#reset(sent);
      default:
        return wrong(404, `unknown control path: ${name}`);
    }
  }

  /** Clears everything and resets switches and settings, then applies those in the request. */
  #reset(sent: Json): Reply {
    if (!isObject(sent)) return wrong(400, 'reset takes an object');
    const { projectType, region, limits, switches } = sent;
    const unknown = Object.keys(sent).find((key) => !resetMembers.includes(key));
    if (unknown !== undefined)
      return wrong(400, `unknown member "${unknown}"; known: ${resetMembers.join(', ')}`);
    if (projectType !== undefined && !isProjectType(projectType)) {
      return wrong(400, `projectType must be one of ${projectTypes.join(', ')}`);
    }
    if (region !== undefined && !isRegion(region)) {
      return wrong(400, `region must be one of ${regions.join(', ')}`);
    }
    const combination = impossible(projectType ?? this.#project.type, region ?? this.#project.region);
    if (combination !== undefined) return wrong(400, combination);
    if (limits !== undefined && typeof limits !== 'boolean')
      return wrong(400, 'limits must be true or false');
    const fresh = defaultSwitches();
    const problem = isObject(switches) ? setSwitches(fresh, switches) : undefined;
    if (problem !== undefined) return wrong(400, problem);
    const project = this.#project;
    project.empty();
    Object.assign(project.switches, fresh);
    Object.assign(project.settings, defaultSettings());
    if (projectType !== undefined) project.type = projectType;
    if (region !== undefined) project.region = region;
    if (limits !== undefined) this.#api.limits.enabled = limits;
    this.#api.limits.refill();
    this.#faults.replace([]);
    this.#calls.clear();
    return this.#health();
  }

  #health(): Reply {
    const { type: projectType, region } = this.#project;
    return json({ ok: true, projectType, region, limits: this.#api.limits.enabled });
  }
}

const resetMembers = ['projectType', 'region', 'limits', 'switches'];

/** Returns a page of the whole item log, for runs too large to be read user by user. */
function logPage(project: Project, query: URLSearchParams): Reply {
  const after = Number(query.get('after') ?? -1);
  const limit = Number(query.get('limit') ?? 1000);
  if (!Number.isInteger(after)) return wrong(400, 'after must be the seq of an item');
  if (!(Number.isInteger(limit) && limit >= 1 && limit <= MOST_ITEMS)) {
    return wrong(400, `limit must be between 1 and ${MOST_ITEMS}`);
  }
  const { size, oldest } = project.log;
  return json({ size, oldest, items: project.log.page(after, limit) });
}

/** Returns counts of everything received and stored. */
export function stats(project: Project): object {
  return {
    requests: project.stats.requests,
    items: project.stats.items,
    users: project.profiles.size,
    events: project.eventCount,
    purchases: project.purchases.size,
    perEndpoint: Object.fromEntries(project.stats.perEndpoint),
  };
}

function isRegion(value: Json): value is Region {
  return regions.some((region) => region === value);
}

function isProjectType(value: Json): value is ProjectType {
  return projectTypes.some((type) => type === value);
}

function done(problem: string | undefined, now: () => unknown): Reply {
  return problem === undefined ? json(now()) : wrong(400, problem);
}

function wrong(status: number, error: string): Reply {
  return json({ error }, status);
}
