import { audience } from './audience.ts';
import { deadLetters } from './dead-letters.ts';
import { delivery } from './delivery.ts';
import { destinations } from './destinations.ts';
import { events } from './events.ts';
import { editor } from './editor.ts';
import { fields } from './fields.ts';
import { frame } from './frame.ts';
import { kit } from './kit.ts';
import { limits } from './limits.ts';
import { mappings } from './mappings.ts';
import { ownership } from './ownership.ts';
import { overview } from './overview.ts';
import { plan } from './plan.ts';
import { processors } from './processors.ts';
import { reading } from './reading.ts';
import { reconcile } from './reconcile.ts';
import { sample } from './sample.ts';
import { settings } from './settings.ts';
import { serve } from './serve.ts';
import { signin } from './signin.ts';
import { sources } from './sources.ts';
import { start } from './start.ts';
import { tries } from './try.ts';
import { trigger } from './trigger.ts';

/** One text, or its forms by number. */
export type Text = string | { readonly one: string; readonly other: string };

/** The UI strings of a noun. */
const parts = [
  frame,
  kit,
  signin,
  start,
  overview,
  events,
  settings,
  editor,
  sample,
  tries,
  fields,
  sources,
  plan,
  audience,
  processors,
  reading,
  reconcile,
  destinations,
  ownership,
  mappings,
  deadLetters,
  delivery,
  limits,
  trigger,
  serve,
] as const;

type Union<T> = (T extends unknown ? (part: T) => void : never) extends (all: infer A) => void ? A : never;

/** The keys of the UI strings. */
export type TextKey = keyof Union<(typeof parts)[number]['en']> & string;

/** Languages of the console. */
export const LANGUAGES = { en: 'English', de: 'Deutsch' } as const;

/** A pseudo-language with longer English, which shows where long words would be cut off. Not offered to users. */
const LONG = 'en-XA';

/** A language of the console. */
export type Language = keyof typeof LANGUAGES | typeof LONG;

/** Whether the console has a language. */
export function isLanguage(value: unknown): value is Language {
  return typeof value === 'string' && (Object.hasOwn(LANGUAGES, value) || value === LONG);
}

const en = Object.assign({}, ...parts.map((part) => part.en)) as Readonly<Record<string, Text>>;

/** Every text in every language. */
export const TEXTS: Readonly<Record<Language, Readonly<Record<string, Text>>>> = {
  en,
  get [LONG]() {
    return Object.fromEntries(Object.entries(en).map(([key, text]) => [key, lengthened(text)]));
  },
  de: Object.assign({}, ...parts.map((part) => part.de)) as Readonly<Record<string, Text>>,
};

/** Makes a string about 40 % longer: doubles each vowel, in brackets that mark strings of the catalogue. */
function lengthened(text: Text): Text {
  if (typeof text !== 'string')
    return { one: lengthened(text.one) as string, other: lengthened(text.other) as string };
  return `⟦${text.replace(/\{\w+\}|[aeiouy]/gi, (one) => (one.startsWith('{') ? one : one + one))}⟧`;
}
