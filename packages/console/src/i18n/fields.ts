/** Texts of the fields of a mapping: what can fill them, and who they are about. */
export const fields = {
  en: {
    'fields.suggest': { one: 'Suggest {count} value', other: 'Suggest {count} values' },
    'fields.suggest.title': 'Suggested values',
    'fields.suggest.how':
      'Found in your events by name and type, for fields that nothing is mapped to. Those you leave ticked are filled.',
    'fields.suggest.fill': { one: 'Fill {count} field', other: 'Fill {count} fields' },
    'fields.suggest.seen': 'in {share} of events, like {examples}',
    'fields.account': 'Choose from the account',
    'fields.account.search': 'Search by name',
    'fields.account.none': 'The account has none that fits. You can write a value by hand.',
    'fields.account.more': 'Show more',
    'fields.project': 'How users are told apart',
    'fields.project.email':
      'This project tells users apart by e-mail address. The address names the profile; a user ID is used when there is no address, and is kept on the profile beside one.',
    'fields.project.userId':
      'This project tells users apart by user ID. The user ID names the profile; an address alone names nobody, beside a user ID it is a field of the profile.',
    'fields.project.hybrid':
      'This project is hybrid: users have a user ID, an e-mail address, or both. The user ID names the profile when there is one, as addresses change; without one, the address does.',
    'fields.project.event': 'For the sample event, {by} names the profile.',
    'fields.project.by.email': 'the address {value}',
    'fields.project.by.userId': 'the user ID {value}',
    'fields.project.where': 'Settings of the destination',
    'fields.members': 'Map its members',
    'fields.kind.members': 'members',
    'fields.each': 'For each item of',
    'fields.each.list': 'List',
    'fields.each.none': 'The sample event has no items there.',
    'fields.each.at': 'Item {at} of {all}',
    'fields.each.before': 'Item before',
    'fields.each.next': 'Next item',
    'fields.elsewhere': '{types} · in {share} of events of this name',
  },
  de: {
    'fields.suggest': { one: '{count} Wert vorschlagen', other: '{count} Werte vorschlagen' },
    'fields.suggest.title': 'Vorgeschlagene Werte',
    'fields.suggest.how':
      'Nach Name und Typ in Ihren Ereignissen gefunden, für Felder, denen nichts zugeordnet ist. Was angekreuzt bleibt, wird gefüllt.',
    'fields.suggest.fill': { one: '{count} Feld füllen', other: '{count} Felder füllen' },
    'fields.suggest.seen': 'in {share} der Ereignisse, etwa {examples}',
    'fields.account': 'Aus dem Konto wählen',
    'fields.account.search': 'Nach Namen suchen',
    'fields.account.none': 'Das Konto hat nichts Passendes. Sie können einen Wert von Hand schreiben.',
    'fields.account.more': 'Mehr zeigen',
    'fields.project': 'Wie Personen unterschieden werden',
    'fields.project.email':
      'Dieses Projekt unterscheidet Personen nach E-Mail-Adresse. Die Adresse bestimmt das Profil; eine User-ID dient, wenn keine Adresse da ist, und steht sonst am Profil daneben.',
    'fields.project.userId':
      'Dieses Projekt unterscheidet Personen nach User-ID. Die User-ID bestimmt das Profil; eine Adresse allein bestimmt niemanden, neben einer User-ID ist sie ein Feld des Profils.',
    'fields.project.hybrid':
      'Dieses Projekt ist hybrid: Personen haben eine User-ID, eine E-Mail-Adresse oder beides. Die User-ID bestimmt das Profil, wenn es eine gibt, denn Adressen ändern sich; ohne sie bestimmt es die Adresse.',
    'fields.project.event': 'Beim Beispielereignis bestimmt {by} das Profil.',
    'fields.project.by.email': 'die Adresse {value}',
    'fields.project.by.userId': 'die User-ID {value}',
    'fields.project.where': 'Einstellungen des Ziels',
    'fields.members': 'Bestandteile zuordnen',
    'fields.kind.members': 'Bestandteile',
    'fields.each': 'Für jeden Eintrag von',
    'fields.each.list': 'Liste',
    'fields.each.none': 'Das Beispielereignis hat dort keine Einträge.',
    'fields.each.at': 'Eintrag {at} von {all}',
    'fields.each.before': 'Voriger Eintrag',
    'fields.each.next': 'Nächster Eintrag',
    'fields.elsewhere': '{types} · in {share} der Ereignisse dieses Namens',
  },
} as const;
