import { answer, type ShopAnswer, type ShopRequest } from '../frame/index.ts';
import { error } from './lists.ts';
import { idOf, type Json, stamped } from './values.ts';

/** The subscriptions of the project, by key. */
export class Subscriptions {
  readonly #made = new Map<string, Json & { readonly version: number }>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Answers requests about subscriptions, by key. */
  answer({ method, body }: ShopRequest, id: string | undefined): ShopAnswer {
    const key = id?.startsWith('key=') === true ? id.slice(4) : undefined;
    const found = key === undefined ? undefined : this.#made.get(key);
    if (method === 'GET' && id === undefined)
      return answer({ limit: 20, offset: 0, count: this.#made.size, results: [...this.#made.values()] });
    if (id !== undefined && found === undefined)
      return error(404, 'ResourceNotFound', `The Resource with key '${key}' was not found.`);
    if (method === 'GET') return answer(found);
    const sent = JSON.parse(body) as Json;
    return found === undefined ? this.#make(sent) : this.#change(found, sent);
  }

  #make(sent: Json): ShopAnswer {
    const key = String(sent['key'] ?? '');
    if (!/^[\w-]{2,256}$/.test(key))
      return error(400, 'InvalidField', 'The value is not valid for field key.');
    if (this.#made.has(key)) return error(400, 'DuplicateField', `A duplicate value for field key: ${key}`);
    const now = this.#now();
    const { destination, messages = [], changes = [], format = { type: 'Platform' } } = sent;
    const row = {
      ...stamped(idOf(`subscription ${key}`), 1, now, now),
      key,
      destination,
      messages,
      changes,
      events: [],
    };
    this.#made.set(key, { ...row, format, status: 'Healthy' });
    return answer(this.#made.get(key), 201);
  }

  #change(found: Json & { readonly version: number }, { version, actions }: Json): ShopAnswer {
    if (version !== found.version) {
      const message = `Object has a different version than expected. Expected: ${String(version)} - Actual: ${found.version}.`;
      return error(409, 'ConcurrentModification', message);
    }
    const changed = (Array.isArray(actions) ? (actions as Json[]) : []).find(
      ({ action }) => action === 'changeDestination',
    );
    const destination = changed?.['destination'] ?? found['destination'];
    const next = { ...found, version: found.version + 1, destination, status: 'Healthy' };
    this.#made.set(String(found['key']), next);
    return answer(next);
  }
}
