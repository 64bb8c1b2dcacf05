import { Ajv2020 } from 'ajv/dist/2020.js';
import { EVERYWHERE, type Failure, openApi, routeOf } from '@waybill/api';
import type { ServerConfig } from '@waybill/server';

type Answered = Parameters<NonNullable<ServerConfig['onAnswer']>>[0];

/** The contract of the admin API, held against what a server really answers. */
export interface Contract {
  check(answer: Answered): void;
  /** Throws when an answer is not in the contract. */
  hold(): void;
}

const ajv = new Ajv2020({ strict: false, allErrors: true }).addSchema({ $id: 'api', ...openApi() });

/** Problems of one answer: an unknown route, status, code or member is one, like a wrong value. */
export function problemsOf({ route: name, status, text }: Answered): readonly string[] {
  if (name.endsWith(' /api/*') || name.startsWith('HEAD ')) return [];
  const route = routeOf(name);
  if (route === undefined) return [`${name} is not in the contract`];
  if (status === 204) return route.status === 204 && text === '' ? [] : [`${name} answers 204`];
  const body: unknown = JSON.parse(text);
  if (status >= 400) {
    const { code } = (body as Failure).error;
    const known = [...EVERYWHERE, ...route.errors].includes(code);
    return [...(known ? [] : [`${name} fails with ${code}`]), ...shape(name, status, body, known)];
  }
  return route.status === status ? shape(name, status, body, true) : [`${name} answers ${status}`];
}

function shape(name: string, status: number, body: unknown, known: boolean): readonly string[] {
  if (!known) return [];
  const [method = '', path = ''] = name.split(' ');
  const at = path.replace(/:(\w+)/g, '{$1}').replaceAll('/', '~1');
  const place = `api#/paths/${encodeURI(at)}/${method.toLowerCase()}/responses/${status}/content/application~1json/schema`;
  const check = ajv.getSchema(place);
  if (check === undefined) return [`${name} answers ${status}`];
  if (check(body) === true) return [];
  return (check.errors ?? []).map(
    (error) =>
      `${name} answers ${status}: ${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`,
  );
}

/** A contract that remembers what broke it. */
export function createContract(): Contract {
  const problems = new Set<string>();
  return {
    check: (answer) => problemsOf(answer).forEach((one) => problems.add(one)),
    hold() {
      if (problems.size === 0) return;
      const text = [...problems].slice(0, 20).join('\n');
      problems.clear();
      throw new Error(`The answers are not those of the contract:\n${text}`);
    },
  };
}
