import type { ShopAnswer } from '../frame/index.ts';
import type { Change, ShopModel } from '../model/index.ts';
import { error, listOf } from './lists.ts';
import { partsOf } from './message-parts.ts';
import { messageOf } from './push.ts';
import type { Json } from './values.ts';

/** The retention of messages, in milliseconds: 15 days. */
const KEPT = 15 * 86_400_000;

/** The messages of the project. */
export class Messages {
  readonly #model: ShopModel;
  #kept: { readonly change: Change; readonly type: string; readonly row: Json }[] = [];

  constructor(model: ShopModel) {
    this.#model = model;
  }

  /** Adds the message of a change. */
  add(change: Change): void {
    const told = messageOf(change);
    if (told === undefined) return;
    const { notificationType: _notification, payloadNotIncluded: _note, type, ...row } = told;
    if ((this.#kept[0]?.change.at ?? Infinity) < change.at - KEPT)
      this.#kept = this.#kept.filter(({ change: { at } }) => at >= change.at - KEPT);
    this.#kept.push({ change, type, row: { ...row, type } });
  }

  /** Answers requests about messages, which are read-only. */
  answer(method: string, query: URLSearchParams): ShopAnswer {
    if (method !== 'GET') return error(405, 'MethodNotAllowed', 'Messages are only read.');
    const shown = this.#kept.map((of) => ({ of, row: of.row }));
    return listOf(shown, query, (page) =>
      page.map(({ change, type, row }) => ({ ...row, ...partsOf(type, change, this.#model) })),
    );
  }
}
