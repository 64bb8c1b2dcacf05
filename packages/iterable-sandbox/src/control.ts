import type { Api } from './api.ts';
import type { Calls } from './calls.ts';
import { json, type Reply } from './errors.ts';
import type { Faults } from './faults.ts';
import { isObject, type Json } from './json.ts';
import type { Project } from './project.ts';
import { defaultSettings, projectTypes, setSettings, type ProjectType } from './settings.ts';
import { state } from './state.ts';
import { defaultSwitches, describeSwitches, setSwitches } from './switches.ts';

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
        return json({ ok: true, projectType: project.type, limits: this.#api.limits.enabled });
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
        if (user === null) return wrong(400, 'user is required');
        return json({ user, items: project.log.of(user) });
      }
      default:
        return wrong(404, `unknown control path: ${name}`);
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
      case 'reset':
        return this.#reset(sent);
      default:
        return wrong(404, `unknown control path: ${name}`);
    }
  }

  /** Empties everything and puts switches and settings back, then applies what was sent along. */
  #reset(sent: Json): Reply {
    if (!isObject(sent)) return wrong(400, 'reset takes an object');
    const { projectType, limits, switches } = sent;
    const unknown = Object.keys(sent).find((key) => !['projectType', 'limits', 'switches'].includes(key));
    if (unknown !== undefined)
      return wrong(400, `unknown member "${unknown}"; known: projectType, limits, switches`);
    if (projectType !== undefined && !isProjectType(projectType)) {
      return wrong(400, `projectType must be one of ${projectTypes.join(', ')}`);
    }
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
    if (limits !== undefined) this.#api.limits.enabled = limits;
    this.#api.limits.refill();
    this.#faults.replace([]);
    this.#calls.clear();
    return json({ ok: true, projectType: project.type, limits: this.#api.limits.enabled });
  }
}

/** Counts of everything received and held. */
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

function isProjectType(value: Json): value is ProjectType {
  return projectTypes.some((type) => type === value);
}

function done(problem: string | undefined, now: () => unknown): Reply {
  return problem === undefined ? json(now()) : wrong(400, problem);
}

function wrong(status: number, error: string): Reply {
  return json({ error }, status);
}
