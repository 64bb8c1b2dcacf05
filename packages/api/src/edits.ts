import { CHANGED } from './refused.ts';
import { members, route, type Route } from './route.ts';
import { type Schema, text, typed, type TypeOf } from './schema.ts';

/** The note of an edit. */
export const NOTED = members({
  note: text({ minLength: 1, maxLength: 1_000, description: 'Why, for the history.' }),
});

/** Response of a route that replaces an existing resource. */
export function replaces<A, B>(
  does: string,
  body: Schema<B>,
  answer: Schema<A>,
): Route<TypeOf<typeof NOTED>, B, A> {
  return route({ does, query: NOTED, body, isConfig: true, edits: true, answer, errors: CHANGED });
}

/** Response of a route that adds a resource. */
export function adds<A, B>(
  does: string,
  body: Schema<B>,
  answer: Schema<A>,
): Route<TypeOf<typeof NOTED>, B, A> {
  return route({ does, query: NOTED, body, isConfig: true, status: 201, answer, errors: CHANGED });
}

/** Response of a route that removes an existing resource. */
export function removes(does: string): Route<TypeOf<typeof NOTED>, unknown, undefined> {
  const answer = typed<undefined>({});
  return route({ does, query: NOTED, edits: true, status: 204, answer, errors: CHANGED });
}
