import { deadLetters } from './dead-letters.ts';
import { delivery } from './delivery.ts';
import { destinations } from './destinations.ts';
import { events } from './events.ts';
import { editor } from './editor.ts';
import { frame } from './frame.ts';
import { kit } from './kit.ts';
import { limits } from './limits.ts';
import { overview } from './overview.ts';
import { settings } from './settings.ts';
import { signin } from './signin.ts';
import { sources } from './sources.ts';
import { start } from './start.ts';

/** One text, or its forms by number. */
export type Text = string | { readonly one: string; readonly other: string };

/** A noun's texts: one line each, so that pages do not get in each other's way. */
const parts = [
  frame,
  kit,
  signin,
  start,
  overview,
  events,
  settings,
  editor,
  sources,
  destinations,
  deadLetters,
  delivery,
  limits,
] as const;

type Union<T> = (T extends unknown ? (part: T) => void : never) extends (all: infer A) => void ? A : never;

/** Names of texts. */
export type TextKey = keyof Union<(typeof parts)[number]['en']> & string;

/** Languages of the console. */
export const LANGUAGES = { en: 'English', de: 'Deutsch' } as const;

/** A language of the console. */
export type Language = keyof typeof LANGUAGES;

/** Every text in every language. */
export const TEXTS: Readonly<Record<Language, Readonly<Record<string, Text>>>> = {
  en: Object.assign({}, ...parts.map((part) => part.en)) as Readonly<Record<string, Text>>,
  de: Object.assign({}, ...parts.map((part) => part.de)) as Readonly<Record<string, Text>>,
};
