/** Texts of the choice of a sample event. */
export const sample = {
  en: {
    'sample.choose': 'Choose another event',
    'sample.choose.title': 'Sample event',
    'sample.from': 'Where the event is from',
    'sample.search': 'Search',
    'sample.examples': 'Examples',
    'sample.saved': 'Saved',
    'sample.found': 'Events that were found',
    'sample.examples.about': 'Calls of the Segment spec with made-up members. None of them is sent.',
    'sample.saved.about':
      'These are kept in this browser, not on the server. Deleting a user does not reach them: remove what you need no longer.',
    'sample.saved.none': 'No event is saved yet.',
    'sample.saved.name': 'Name for the present event',
    'sample.saved.save': 'Save event',
    'sample.saved.full': 'The browser has no room for it. Remove others first.',
    'sample.saved.remove': 'Remove {name}',
    'sample.saved.removed': '{name} was removed.',
  },
  de: {
    'sample.choose': 'Anderes Ereignis wählen',
    'sample.choose.title': 'Beispielereignis',
    'sample.from': 'Herkunft des Ereignisses',
    'sample.search': 'Suche',
    'sample.examples': 'Beispiele',
    'sample.saved': 'Gespeichert',
    'sample.found': 'Gefundene Ereignisse',
    'sample.examples.about':
      'Aufrufe der Segment-Spezifikation mit fiktiven Werten. Keiner davon wird gesendet.',
    'sample.saved.about':
      'Sie sind in diesem Browser gespeichert, nicht auf dem Server. Das Löschen eines Nutzers löscht sie nicht: Entfernen Sie, was Sie nicht mehr brauchen.',
    'sample.saved.none': 'Noch ist kein Ereignis gespeichert.',
    'sample.saved.name': 'Name des aktuellen Ereignisses',
    'sample.saved.save': 'Ereignis speichern',
    'sample.saved.full': 'Der Speicher des Browsers ist voll. Entfernen Sie zuerst andere Ereignisse.',
    'sample.saved.remove': '{name} entfernen',
    'sample.saved.removed': '{name} wurde entfernt.',
  },
} as const;
