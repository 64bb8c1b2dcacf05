/** UI strings of the trigger input. */
export const trigger = {
  en: {
    'trigger.offers': 'Suggestions',
    'trigger.kind.field': 'field',
    'trigger.kind.function': 'function',
    'trigger.kind.operator': 'operator',
    'trigger.kind.value': 'value',
    'trigger.kind.fix': 'correction',
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
