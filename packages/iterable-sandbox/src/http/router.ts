import type { Route } from './route.ts';

/** A route with its path parameters. */
export interface Match {
  readonly route: Route;
  readonly params: readonly string[];
}

interface Pattern {
  readonly route: Route;
  readonly segments: readonly string[];
}

/** Finds routes: exact paths by one look-up, paths with parameters by their segments. */
export class Router {
  readonly #exact = new Map<string, Match>();
  readonly #patterns: Pattern[] = [];

  constructor(routes: readonly Route[]) {
    for (const route of routes) {
      if (route.path.includes('{')) this.#patterns.push({ route, segments: route.path.split('/') });
      else this.#exact.set(`${route.method} ${route.path}`, { route, params: [] });
    }
  }

  /** Returns the route of a request, or undefined when there is none. */
  find(method: string, path: string): Match | undefined {
    const exact = this.#exact.get(`${method} ${path}`);
    if (exact !== undefined) return exact;
    const segments = path.split('/');
    for (const { route, segments: wanted } of this.#patterns) {
      if (route.method !== method || wanted.length !== segments.length) continue;
      const params = matched(wanted, segments);
      if (params !== undefined) return { route, params };
    }
    return undefined;
  }
}

function matched(wanted: readonly string[], segments: readonly string[]): string[] | undefined {
  const params: string[] = [];
  for (let at = 0; at < wanted.length; at += 1) {
    const segment = segments[at]!;
    if (wanted[at]!.startsWith('{')) {
      const param = decoded(segment);
      if (param === undefined || param === '') return undefined;
      params.push(param);
    } else if (wanted[at] !== segment) {
      return undefined;
    }
  }
  return params;
}

function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
