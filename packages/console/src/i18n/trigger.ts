/** Texts of the box for triggers. */
export const trigger = {
  en: {
    'trigger.offers': 'What can be written here',
    'trigger.kind.field': 'field',
    'trigger.kind.function': 'function',
    'trigger.kind.operator': 'operator',
    'trigger.kind.value': 'value',
    'trigger.kind.fix': 'meant?',
  },
  de: {
    'trigger.offers': 'Vorschläge',
    'trigger.kind.field': 'Feld',
    'trigger.kind.function': 'Funktion',
    'trigger.kind.operator': 'Operator',
    'trigger.kind.value': 'Wert',
    'trigger.kind.fix': 'Korrektur',
  },
} as const;
