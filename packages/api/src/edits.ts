import { CHANGED } from './refused.ts';
import { members, route, type Route } from './route.ts';
import { type Schema, text, typed, type TypeOf } from './schema.ts';

/** The note that an edit leaves. */
export const NOTED = members({
  note: text({ minLength: 1, maxLength: 1_000, description: 'Why, for the history.' }),
});

/** Takes the place of something that exists. */
export function replaces<A, B>(
  does: string,
  body: Schema<B>,
  answer: Schema<A>,
): Route<TypeOf<typeof NOTED>, B, A> {
  return route({ does, query: NOTED, body, isConfig: true, edits: true, answer, errors: CHANGED });
}

/** Adds something. */
export function adds<A, B>(
  does: string,
  body: Schema<B>,
  answer: Schema<A>,
): Route<TypeOf<typeof NOTED>, B, A> {
  return route({ does, query: NOTED, body, isConfig: true, status: 201, answer, errors: CHANGED });
}

/** Removes something that exists. */
export function removes(does: string): Route<TypeOf<typeof NOTED>, unknown, undefined> {
  const answer = typed<undefined>({});
  return route({ does, query: NOTED, edits: true, status: 204, answer, errors: CHANGED });
}
