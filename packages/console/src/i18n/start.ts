/** UI strings of the first-run page. */
export const start = {
  en: {
    'start.title': 'First run',
    'start.about': 'Four steps to the first delivery. Each is ticked when it is done.',
    'start.ready': 'Everything works: events are delivered as they arrive.',
    'start.steps': 'Steps',
    'start.done': 'done',
    'start.open': 'open',
    'start.source': 'A source has a write key',
    'start.source.about':
      'A source is a shop, a site or an app that sends events. Its write key identifies them.',
    'start.event': 'The first event has arrived',
    'start.event.first': 'Create a source first.',
    'start.from': 'Send from',
    'start.send.how': 'Run one of these, or send a sample event from here.',
    'start.send.masked':
      'Run one of these with the write key of the source in place of WRITE_KEY, or send a sample event from here.',
    'start.sample': 'Send sample event',
    'start.sample.about':
      'A sign-up of sample-user@example.com, sent to the tracking API of this server with the key of the source. It goes to all destinations of the source.',
    'start.sent': 'It has arrived: see its outcome',
    'start.destination': 'A destination is connected',
    'start.destination.about':
      'Paste an API key of {product} and test it; nothing is saved before you create the destination.',
    'start.destination.other': 'Connect another product, or see all settings',
    'start.delivery': 'The first event was delivered',
    'start.delivery.first': 'This happens automatically after the previous steps.',
    'start.delivery.about':
      'A destination receives events that arrive after it was created: send another event.',
    'start.delivery.rejected': {
      one: '{count} item was rejected: see why',
      other: '{count} items were rejected: see why',
    },
    'start.delivery.waiting': {
      one: '{count} item is waiting: see why',
      other: '{count} items are waiting: see why',
    },
    'start.overview': 'Go to the overview',
    'start.demo': 'Demo data',
    'start.demo.about':
      'Sends a day of a fictitious shop: eight shoppers, 36 events. Their user IDs begin with “demo-”.',
    'start.demo.send': 'Send demo data',
    'start.demo.sent': 'Sent: see the events',
    'start.demo.where':
      'They are delivered to {destinations} like all other events, which creates eight fictitious people there. Continue only if that does no harm.',
  },
  de: {
    'start.title': 'Erste Schritte',
    'start.about': 'Vier Schritte bis zur ersten Zustellung. Jeder wird abgehakt, sobald er erledigt ist.',
    'start.ready': 'Alles funktioniert: Ereignisse werden zugestellt, sobald sie eingehen.',
    'start.steps': 'Schritte',
    'start.done': 'erledigt',
    'start.open': 'offen',
    'start.source': 'Eine Quelle hat einen Schreibschlüssel',
    'start.source.about':
      'Eine Quelle ist ein Shop, eine Website oder eine App, die Ereignisse sendet. Ihr Schreibschlüssel identifiziert sie.',
    'start.event': 'Das erste Ereignis ist eingegangen',
    'start.event.first': 'Legen Sie zuerst eine Quelle an.',
    'start.from': 'Senden von',
    'start.send.how': 'Führen Sie eines davon aus, oder senden Sie von hier ein Beispielereignis.',
    'start.send.masked':
      'Führen Sie eines davon mit dem Schreibschlüssel der Quelle anstelle von WRITE_KEY aus, oder senden Sie von hier ein Beispielereignis.',
    'start.sample': 'Beispielereignis senden',
    'start.sample.about':
      'Eine Anmeldung von sample-user@example.com, mit dem Schlüssel der Quelle an die Tracking-API dieses Servers gesendet. Sie geht an alle Ziele der Quelle.',
    'start.sent': 'Es ist eingegangen: Ergebnis ansehen',
    'start.destination': 'Ein Ziel ist verbunden',
    'start.destination.about':
      'Fügen Sie einen API-Schlüssel von {product} ein und testen Sie ihn; gespeichert wird erst, wenn Sie das Ziel anlegen.',
    'start.destination.other': 'Ein anderes Produkt verbinden oder alle Einstellungen sehen',
    'start.delivery': 'Das erste Ereignis wurde zugestellt',
    'start.delivery.first': 'Das geschieht nach den vorigen Schritten automatisch.',
    'start.delivery.about':
      'Ein Ziel erhält Ereignisse, die eingehen, nachdem es angelegt wurde: Senden Sie noch ein Ereignis.',
    'start.delivery.rejected': {
      one: '{count} Sendung wurde abgelehnt: Grund ansehen',
      other: '{count} Sendungen wurden abgelehnt: Grund ansehen',
    },
    'start.delivery.waiting': {
      one: '{count} Sendung wartet: Grund ansehen',
      other: '{count} Sendungen warten: Grund ansehen',
    },
    'start.overview': 'Zur Übersicht',
    'start.demo': 'Beispieldaten',
    'start.demo.about':
      'Sendet einen Tag eines fiktiven Shops: acht Kunden, 36 Ereignisse. Ihre Nutzer-IDs beginnen mit „demo-“.',
    'start.demo.send': 'Beispieldaten senden',
    'start.demo.sent': 'Gesendet: Ereignisse ansehen',
    'start.demo.where':
      'Sie werden wie alle anderen Ereignisse an {destinations} zugestellt; dort entstehen acht fiktive Nutzer. Fahren Sie nur fort, wenn das nicht schadet.',
  },
} as const;
