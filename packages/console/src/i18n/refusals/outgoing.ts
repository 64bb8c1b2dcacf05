/** What the registry says of destinations, sources and processors, in German. */
export const outgoing = {
  oauth_not_offered: {
    message: 'Das Ziel wird nicht durch OAuth verbunden.',
    remedy: 'Geben Sie seine Zugangsdaten in den Einstellungen ein.',
  },
  oauth_not_set_up: {
    message: 'Es fehlen Einstellungen, mit denen das Konto verbunden wird.',
    remedy:
      'Geben Sie die Einstellungen ein, die die Meldung nennt, speichern Sie, und verbinden Sie erneut.',
  },
  oauth_redirect_forbidden: {
    message: 'Der OAuth-Server darf niemanden an diese Adresse zurückschicken.',
    remedy:
      'Öffnen Sie die Konsole unter der Adresse des Servers (WAYBILL_PUBLIC_URL), oder nehmen Sie `waybill connect`, das auf diesem Rechner lauscht.',
  },
  oauth_state_invalid: {
    message: 'Das hat jemand anderes begonnen: Der Zustand gehört nicht zu dieser Sitzung oder diesem Token.',
    remedy: 'Verbinden Sie erneut, von Anfang bis Ende im selben Browser und ohne sich abzumelden.',
  },
  oauth_state_expired: {
    message: 'Die Erlaubnis kam zu spät.',
    remedy: 'Verbinden Sie erneut, und erlauben Sie es innerhalb von zehn Minuten.',
  },
  destination_audience_gone: {
    message: 'Das Ziel findet die Zielgruppe nicht, deren ID gespeichert ist.',
    remedy:
      'Vergessen Sie die ID, damit die Zielgruppe neu angelegt wird, oder setzen Sie die richtige (`waybill audience forget`, `waybill audience set`, oder die Seite des Ziels); senden Sie dann erneut.',
  },
  oauth_denied: {
    message: 'Der OAuth-Server hat die Verbindung nicht erlaubt.',
    remedy:
      'Verbinden Sie erneut und erlauben Sie es; nennt die Meldung die Anwendung oder die Scopes, berichtigen Sie diese in den Einstellungen des Ziels.',
  },
  oauth_token_refused: {
    message: 'Der Token-Endpunkt hat keine Tokens gegeben.',
    remedy:
      'Prüfen Sie Client-ID, Geheimnis und die Adresse für die Rückkehr, die bei der Anwendung eingetragen ist, und verbinden Sie erneut.',
  },
  destination_unauthorized: {
    message: 'Das Ziel weist die Zugangsdaten zurück.',
    remedy:
      'Prüfen Sie den Schlüssel und seine Rechte in den Einstellungen des Ziels, und senden Sie dann erneut.',
  },
  destination_forbidden: {
    message: 'Die Zugangsdaten erlauben diesen Aufruf nicht.',
    remedy: 'Verwenden Sie einen Schlüssel mit dem Recht zu diesem Aufruf, und senden Sie dann erneut.',
  },
  destination_rejected: {
    message: 'Das Ziel lehnt die Sendung ab.',
    remedy:
      'Lesen Sie die Antwort des Ziels, berichtigen Sie die Zuordnung oder die Daten, und senden Sie dann erneut.',
  },
  destination_invalid_identifier: {
    message: 'Das Ziel lehnt die Kennung als fehlerhaft ab.',
    remedy: 'Berichtigen Sie die Kennung dort, wo sie herkommt, und senden Sie dann erneut.',
  },
  destination_user_not_found: {
    message: 'Das Ziel kennt die Person nicht.',
    remedy:
      'Legen Sie die Person zuerst an (senden Sie identify mit der Kennung, die die Art des Projekts verlangt), und senden Sie dann erneut.',
  },
  destination_user_forgotten: {
    message: 'Die Person wollte vergessen werden; das Ziel bewahrt nichts von ihr auf.',
    remedy: 'Nichts, außer die Person möchte wieder bekannt sein.',
  },
  destination_identity_conflict: {
    message: 'Die Kennungen gehören zu zwei verschiedenen Profilen.',
    remedy:
      'Führen Sie die beiden Profile am Ziel zusammen, oder senden Sie nur eine Kennung, und senden Sie dann erneut.',
  },
  destination_field_type_conflict: {
    message: 'Ein Feld hat einen anderen Typ, als das Ziel dafür kennt.',
    remedy:
      'Senden Sie den Typ, den die Meldung nennt, oder verwenden Sie einen anderen Feldnamen, und senden Sie dann erneut.',
  },
  destination_field_limit: {
    message: 'Das Ziel nimmt keine weiteren neuen Felder an.',
    remedy:
      'Senden Sie weniger verschiedene Felder, oder lassen Sie die Grenze anheben, und senden Sie dann erneut.',
  },
  destination_event_disallowed: {
    message: 'Das Ziel ist so eingestellt, dass es Ereignisse dieses Namens nicht annimmt.',
    remedy:
      'Erlauben Sie den Namen am Ziel, oder machen Sie die Bedingung enger, und senden Sie dann erneut.',
  },
  destination_too_large: {
    message: 'Die Sendung allein ist größer, als das Ziel annimmt.',
    remedy: 'Ordnen Sie weniger Felder zu, und senden Sie dann erneut.',
  },
  destination_not_found: {
    message: 'Die Adresse oder das Genannte gibt es am Ziel nicht.',
    remedy:
      'Prüfen Sie die Einstellungen des Ziels (Rechenzentrum, Liste, Katalog), und senden Sie dann erneut.',
  },
  destination_rate_limited: {
    message: 'Das Ziel bittet um weniger Aufrufe.',
    remedy: 'Nichts: Es wird später erneut gesendet.',
  },
  destination_unavailable: {
    message: 'Das Ziel antwortet mit einem Serverfehler.',
    remedy: 'Nichts: Es wird später erneut gesendet.',
  },
  destination_timeout: {
    message: 'Das Ziel hat nicht rechtzeitig geantwortet.',
    remedy: 'Nichts: Es wird später erneut gesendet.',
  },
  destination_unreachable: {
    message: 'Die Verbindung zum Ziel ist fehlgeschlagen.',
    remedy: 'Nichts, außer es hält an: Prüfen Sie dann die Adresse in den Einstellungen und das Netzwerk.',
  },
  destination_address_forbidden: {
    message: 'Die Adresse des Ziels ist eine interne.',
    remedy:
      'Verwenden Sie eine öffentliche Adresse, oder erlauben Sie diesen Rechner in der Konfiguration des Servers.',
  },
  destination_unreadable_answer: {
    message: 'Die Antwort des Ziels ist nicht zu verstehen.',
    remedy: 'Nichts, außer es hält an: Prüfen Sie dann die Adresse in den Einstellungen.',
  },
  destination_result_unknown: {
    message: 'Das Ziel hat nicht gesagt, was aus dieser Sendung wurde.',
    remedy: 'Nichts: Es wird von selbst erneut gesendet.',
  },
  action_outcome_invalid: {
    message: 'Die Aktion hat mit etwas geantwortet, das kein Ergebnis ist.',
    remedy:
      'Melden Sie dies denen, die das Ziel geschrieben haben. Ob die Sendung angekommen ist, ist nicht bekannt: Sehen Sie nach, und senden Sie dann erneut.',
  },
  action_value_invalid: {
    message: 'Eine Funktion des Ziels hat einen Wert der falschen Art geliefert.',
    remedy: 'Melden Sie dies denen, die das Ziel geschrieben haben; senden Sie erneut, wenn es behoben ist.',
  },
  destination_process_failed: {
    message: 'Der Prozess mit dem Code des Ziels endete, während er die Sendung hatte.',
    remedy:
      'Melden Sie dies denen, die das Ziel geschrieben haben; es wird von selbst erneut gesendet, bis zu 20-mal.',
  },
  destination_process_down: {
    message: 'Der Prozess mit dem Code des Ziels läuft nicht.',
    remedy: 'Nichts, außer es hält an: Melden Sie dies dann denen, die das Ziel geschrieben haben.',
  },
  destination_bug: {
    message: 'Der Code der Aktion ist fehlgeschlagen.',
    remedy: 'Melden Sie dies denen, die das Ziel geschrieben haben.',
  },
  retries_exhausted: {
    message: 'Innerhalb der Frist für Wiederholungen konnte nicht zugestellt werden.',
    remedy: 'Sehen Sie den letzten Grund an; senden Sie erneut, sobald das Ziel wieder arbeitet.',
  },
  source_failed: {
    message: 'Die Quelle konnte nicht gelesen werden.',
    remedy: 'Nichts, außer es hält an: Melden Sie dies dann denen, die die Quelle geschrieben haben.',
  },
  source_unauthorized: {
    message: 'Die Quelle lehnt die Zugangsdaten ab.',
    remedy:
      'Prüfen Sie die Schlüssel in den Einstellungen der Quelle; erzeugen Sie neue, falls sie widerrufen wurden.',
  },
  source_forbidden: {
    message: 'Die Zugangsdaten der Quelle erlauben diesen Aufruf nicht.',
    remedy: 'Geben Sie dem Schlüssel das Recht, das die Meldung nennt; die Seite der Quelle führt alle auf.',
  },
  source_not_found: {
    message: 'Die Adresse oder den genannten Shop gibt es bei der Quelle nicht.',
    remedy: 'Prüfen Sie die Adresse und den Namen des Shops in den Einstellungen der Quelle.',
  },
  source_rejected: {
    message: 'Die Quelle lehnt den Aufruf ab.',
    remedy: 'Melden Sie den Wortlaut dem Autor der Quelle.',
  },
  source_rate_limited: {
    message: 'Die Quelle bittet um weniger Aufrufe.',
    remedy: 'Nichts zu tun: Es wird später weitergelesen.',
  },
  source_unavailable: {
    message: 'Die Quelle antwortet mit einem Serverfehler.',
    remedy: 'Nichts zu tun, außer es hält an: Dann sehen Sie im Shop selbst nach.',
  },
  source_unreadable_answer: {
    message: 'Die Antwort der Quelle ist nicht zu verstehen.',
    remedy: 'Nichts zu tun, außer es hält an: Dann prüfen Sie die Adresse in den Einstellungen der Quelle.',
  },
  source_signature_invalid: {
    message: 'Die Anfrage an den Webhook ist nicht von der Quelle signiert oder zu alt.',
    remedy: 'Prüfen Sie das Geheimnis des Webhooks in den Einstellungen der Quelle und die Uhr des Servers.',
  },
  audience_engine_missing: {
    message: 'DuckDB ist nicht installiert; Zielgruppen brauchen es.',
    remedy:
      'Installieren Sie das Paket, das die Meldung nennt, dort, wo Waybill installiert ist, und starten Sie den Server neu.',
  },
  audience_file_forbidden: {
    message: 'Die Datei gehört nicht zu denen, die Quellen lesen dürfen.',
    remedy: 'Legen Sie die Datei unter einen Ordner von WAYBILL_AUDIENCE_FILES.',
  },
  audience_file_invalid: {
    message: 'Die Datei kann nicht gelesen werden.',
    remedy: 'Prüfen Sie Pfad, Namen und Rechte der Datei.',
  },
  audience_file_changed: {
    message: 'Die Datei wurde geschrieben, während sie gelesen wurde.',
    remedy:
      'Nichts zu tun: Sie wird noch einmal gelesen. Schreiben Sie neue Dateien unter anderem Namen und benennen Sie sie um.',
  },
  audience_url_invalid: {
    message: 'Die URL ist nicht die einer PostgreSQL-Datenbank.',
    remedy:
      'Schreiben Sie die URL, wie die Meldung es zeigt; Sonderzeichen des Passworts werden mit % kodiert.',
  },
  audience_database_forbidden: {
    message: 'Der Host der Datenbank gehört nicht zu denen, die Quellen erreichen dürfen.',
    remedy:
      'Wenn es so gewollt ist, erlauben Sie den Host auf dem Server: WAYBILL_ALLOWED_HOSTS=<Host>:<Port>.',
  },
  audience_database_unreachable: {
    message: 'Die Datenbank nimmt keine Verbindung an.',
    remedy: 'Prüfen Sie Host, Port, Rolle, Passwort und `sslmode` der URL, und ob die Datenbank läuft.',
  },
  audience_column_missing: {
    message: 'Den Zeilen fehlt eine Spalte, die die Einstellungen nennen.',
    remedy: 'Berichtigen Sie den Namen in den Einstellungen oder nehmen Sie die Spalte in die Abfrage auf.',
  },
  audience_query_invalid: {
    message: 'Die Abfrage gehört nicht zu denen, die ausgeführt werden dürfen.',
    remedy:
      'Schreiben Sie ein einziges SELECT: über die Tabelle `rows` einer Datei oder über die Tabellen der Datenbank.',
  },
  audience_query_failed: {
    message: 'Die Zeilen können nicht gelesen werden.',
    remedy: 'Lesen Sie die Meldung der Datenbank; berichtigen Sie Abfrage oder Datei.',
  },
  audience_key_invalid: {
    message: 'Der Schlüssel unterscheidet die Zeilen nicht.',
    remedy: 'Nennen Sie eine Spalte, die in jeder Zeile einen anderen Wert hat.',
  },
  audience_run_gone: {
    message: 'Dieser Lauf wird nicht mehr zurückgehalten.',
    remedy:
      'Sehen Sie nach, wie die Quelle steht, und bestätigen Sie den Lauf, der jetzt zurückgehalten wird.',
  },
  audience_limit_reached: {
    message: 'Der Vergleich braucht mehr Speicher oder Zeit, als er darf.',
    remedy: 'Erhöhen Sie die Grenze in den Einstellungen der Quelle oder fragen Sie nach weniger Zeilen.',
  },
  processor_failed: {
    message: 'Der Prozessor scheiterte an einem Ereignis oder Zeitpunkt und hat es übergangen.',
    remedy: 'Melden Sie dies denen, die den Prozessor geschrieben haben.',
  },
  review_link_invalid: {
    message:
      'Der Link stammt nicht von diesem Server, wurde verändert oder gehört jemandem, der nicht mehr bekannt ist.',
    remedy: 'Senden Sie den Token des Links so, wie er in der Nachricht an den Kunden steht.',
  },
  review_link_expired: {
    message: 'Der Link ist abgelaufen.',
    remedy:
      'Bitten Sie von Neuem um die Bewertung oder erhöhen Sie `linkDays` des Prozessors für künftige Links.',
  },
  review_link_used: {
    message: 'Mit diesem Link wurde das Produkt bereits bewertet.',
    remedy: 'Nichts zu tun: Die erste Bewertung zählt.',
  },
  review_invalid: {
    message: 'Die Bewertung hat nicht die verlangte Form.',
    remedy: 'Senden Sie ein `rating` von 1 bis 5 sowie `title` und `body` als Text, falls vorhanden.',
  },
  delivery_not_held: {
    message: 'Die Zustellung ist nicht angehalten.',
    remedy: 'Nichts: Ereignisse werden zugestellt.',
  },
  module_failed: {
    message: 'Ein Modul mit Zielen kann nicht geladen werden oder exportiert keine.',
    remedy:
      'Die Meldung nennt die Ursache: Datei und Zeile, den fehlenden Export oder den doppelt verwendeten Namen.',
  },
} as const;
