/** Texts of audience sources. */
export const audience = {
  en: {
    'audience.title': 'Audience',
    'audience.none': 'It has not run yet.',
    'audience.last': 'Run {run} was the last one:',
    'audience.counts':
      '{before} rows before, {rows} now: {added} added, {changed} changed, {removed} removed.',
    'audience.sending': 'Changes of run {run}',
    'audience.sent': '{sent} of {total} changes are events by now.',
    'audience.dry': 'Try a run',
    'audience.dry.going': 'Comparing …',
    'audience.run': 'Run now',
    'audience.would': 'What a run would do',
    'audience.would.wait': 'It would remove more than it may, and wait until somebody confirms it.',
    'audience.held': 'Run {run} is held',
    'audience.held.about':
      'It would remove more of the rows than the settings allow. Nothing of it is sent until somebody confirms it.',
    'audience.confirm': 'Send it, and remove {removed}',
    'audience.samples': 'Some rows',
    'audience.kind.added': 'added',
    'audience.kind.changed': 'changed',
    'audience.kind.removed': 'removed',
  },
  de: {
    'audience.title': 'Zielgruppe',
    'audience.none': 'Sie ist noch nicht gelaufen.',
    'audience.last': 'Lauf {run} war der letzte:',
    'audience.counts':
      '{before} Zeilen davor, {rows} jetzt: {added} neu, {changed} geändert, {removed} entfernt.',
    'audience.sending': 'Änderungen von Lauf {run}',
    'audience.sent': '{sent} von {total} Änderungen sind schon Ereignisse.',
    'audience.dry': 'Lauf ausprobieren',
    'audience.dry.going': 'Wird verglichen …',
    'audience.run': 'Jetzt ausführen',
    'audience.would': 'Was ein Lauf täte',
    'audience.would.wait': 'Er würde mehr entfernen, als er darf, und auf eine Bestätigung warten.',
    'audience.held': 'Lauf {run} wird zurückgehalten',
    'audience.held.about':
      'Er würde mehr Zeilen entfernen, als die Einstellungen erlauben. Nichts davon wird gesendet, bis jemand ihn bestätigt.',
    'audience.confirm': 'Senden und {removed} entfernen',
    'audience.samples': 'Einige Zeilen',
    'audience.kind.added': 'neu',
    'audience.kind.changed': 'geändert',
    'audience.kind.removed': 'entfernt',
  },
} as const;
