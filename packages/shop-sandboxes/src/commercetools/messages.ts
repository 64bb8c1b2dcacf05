import type { ShopAnswer } from '../frame/index.ts';
import type { Change } from '../model/index.ts';
import { error, listOf } from './lists.ts';
import { messageOf } from './push.ts';
import type { Json } from './values.ts';

/** Milliseconds that messages are kept: 15 days. */
const KEPT = 15 * 86_400_000;

/** The messages of the project, for who asks for them. */
export class Messages {
  #kept: { readonly at: number; readonly row: Json }[] = [];

  /** Keeps what a change is a message of. */
  add(change: Change): void {
    const told = messageOf(change);
    if (told === undefined) return;
    const { notificationType: _type, projectKey: _project, ...row } = told;
    if ((this.#kept[0]?.at ?? Infinity) < change.at - KEPT)
      this.#kept = this.#kept.filter(({ at }) => at >= change.at - KEPT);
    this.#kept.push({ at: change.at, row });
  }

  /** Answers what is asked of messages: they are only read. */
  answer(method: string, query: URLSearchParams): ShopAnswer {
    if (method !== 'GET') return error(405, 'MethodNotAllowed', 'Messages are only read.');
    const shown = this.#kept.map(({ row }) => ({ of: row, row }));
    return listOf(shown, query, (page) => page);
  }
}
