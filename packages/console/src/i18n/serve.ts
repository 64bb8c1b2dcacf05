/** UI strings of the page of `waybill serve`. */
export const serve = {
  en: {
    'serve.title': 'A destination under development',
    'serve.version': 'version {version}',
    'serve.gone': 'The server has stopped.',
    'serve.no.action': 'This destination has no action to try.',
    'serve.action': 'Action',
    'serve.mapping': 'Mapping',
    'serve.try': 'Try',
    'serve.send': 'Send for real',
    'serve.hint':
      'Try shows what would be sent. Ctrl+Enter tries the event; changing a file tries it again automatically.',
    'serve.settings': 'Settings',
    'serve.settings.hint':
      'Required to send for real. They stay in this page and are discarded when it is closed.',
    'serve.settings.given': 'Set by the settings file.',
    'serve.not.matched': 'The trigger does not match: nothing is sent',
    'serve.would.send': { one: 'Would send {count} request', other: 'Would send {count} requests' },
    'serve.nothing': 'Nothing to send',
    'serve.requests': 'Requests',
  },
  de: {
    'serve.title': 'Ein Ziel in Entwicklung',
    'serve.version': 'Version {version}',
    'serve.gone': 'Der Server wurde beendet.',
    'serve.no.action': 'Dieses Ziel hat keine Aktion zum Ausprobieren.',
    'serve.action': 'Aktion',
    'serve.mapping': 'Zuordnung',
    'serve.try': 'Ausprobieren',
    'serve.send': 'Wirklich senden',
    'serve.hint':
      'Ausprobieren zeigt, was gesendet würde. Strg+Eingabe probiert das Ereignis aus; nach der Änderung einer Datei geschieht das automatisch.',
    'serve.settings': 'Einstellungen',
    'serve.settings.hint':
      'Nötig, um wirklich zu senden. Sie bleiben auf dieser Seite und werden verworfen, wenn sie geschlossen wird.',
    'serve.settings.given': 'Aus der Einstellungsdatei.',
    'serve.not.matched': 'Der Auslöser passt nicht: Nichts wird gesendet',
    'serve.would.send': { one: 'Würde {count} Anfrage senden', other: 'Würde {count} Anfragen senden' },
    'serve.nothing': 'Nichts zu senden',
    'serve.requests': 'Anfragen',
  },
} as const;
