import { type Language, TEXTS, type TextKey } from './catalogue.ts';

/** The values of a UI string; `count` selects the plural form. */
export type Values = Readonly<Record<string, string | number>>;

/** Returns a UI string in one language. */
export type Translate = (key: TextKey, values?: Values) => string;

/** Returns the translator of a language, which formats numbers in that language. */
export function translateTo(language: Language): Translate {
  const texts = TEXTS[language];
  const plural = new Intl.PluralRules(language);
  const number = new Intl.NumberFormat(language);
  return (key, values = {}) => {
    const text = texts[key] ?? TEXTS.en[key] ?? key;
    const form =
      typeof text === 'string'
        ? text
        : plural.select(Number(values['count'])) === 'one'
          ? text.one
          : text.other;
    return form.replace(/\{(\w+)\}/g, (all, name: string) => {
      const value = values[name];
      return typeof value === 'number' ? number.format(value) : (value ?? all);
    });
  };
}
