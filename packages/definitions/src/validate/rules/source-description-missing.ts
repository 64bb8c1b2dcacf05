import type { Rule } from '../rule.ts';

/** Reports a source or stream without a description. */
export const sourceDescriptionMissing: Rule = {
  code: 'source_description_missing',
  severity: 'error',
  summary: 'A source or one of its streams has no name, title or description.',
  remedy: 'Give it the name that people should see, and say in a sentence what it reads.',
  checks: {
    *source({ code: { name, description, streams, shop } }) {
      const parts = [
        ...Object.entries({ name, description }).map(([key, text]) => [[key], text] as const),
        ...Object.entries(streams).map(
          ([key, one]) => [['streams', key, 'description'], one.description] as const,
        ),
        ...Object.entries(shop?.streams ?? {}).flatMap(([key, { title, description: text }]) => [
          [['shop', 'streams', key, 'title'], title] as const,
          [['shop', 'streams', key, 'description'], text] as const,
        ]),
      ];
      for (const [place, text] of parts) {
        if ((text ?? '').trim() === '') yield { place, message: `The source has no ${place.join('.')}.` };
      }
    },
  },
};
