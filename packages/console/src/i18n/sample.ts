/** UI strings of the choice of a sample event. */
export const sample = {
  en: {
    'sample.choose': 'Choose another event',
    'sample.choose.title': 'Sample event',
    'sample.from': 'Origin of the event',
    'sample.search': 'Search',
    'sample.examples': 'Examples',
    'sample.saved': 'Saved',
    'sample.found': 'Matching events',
    'sample.examples.about': 'Calls of the Segment spec with fictitious values. None of them is sent.',
    'sample.saved.about':
      'These are stored in this browser, not on the server. Deleting a user does not delete them: remove those that you no longer need.',
    'sample.saved.none': 'No saved events yet.',
    'sample.saved.name': 'Name of the current event',
    'sample.saved.save': 'Save event',
    'sample.saved.full': 'The storage of the browser is full. Remove other events first.',
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
