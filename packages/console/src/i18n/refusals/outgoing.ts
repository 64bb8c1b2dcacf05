/** The registry's messages about destinations, sources and processors, in German. */
export const outgoing = {
  oauth_not_offered: {
    message: 'Das Ziel wird nicht über OAuth verbunden.',
    remedy: 'Geben Sie seine Zugangsdaten in den Einstellungen ein.',
  },
  oauth_not_set_up: {
    message: 'Es fehlen Einstellungen, die zum Verbinden des Kontos nötig sind.',
    remedy:
      'Geben Sie die Einstellungen ein, die die Meldung nennt, speichern Sie, und verbinden Sie erneut.',
  },
  oauth_redirect_forbidden: {
    message: 'Der OAuth-Server darf nicht an diese Adresse zurückleiten.',
    remedy:
      'Öffnen Sie die Konsole unter der Adresse des Servers (WAYBILL_PUBLIC_URL), oder verwenden Sie `waybill connect`, das auf diesem Rechner lauscht.',
  },
  oauth_state_invalid: {
    message: 'Die Verbindung wurde von einer anderen Sitzung oder einem anderen Token begonnen.',
    remedy: 'Verbinden Sie erneut, und schließen Sie den Vorgang im selben Browser ab, ohne sich abzumelden.',
  },
  oauth_state_expired: {
    message: 'Die Verbindung wurde nicht rechtzeitig erlaubt.',
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
      'Verbinden Sie erneut und erlauben Sie es; nennt die Meldung die Anwendung oder die Scopes, korrigieren Sie diese in den Einstellungen des Ziels.',
  },
  oauth_token_refused: {
    message: 'Der Token-Endpunkt hat keine Tokens zurückgegeben.',
    remedy:
      'Prüfen Sie Client-ID, Geheimnis und die Weiterleitungsadresse, die bei der Anwendung eingetragen ist, und verbinden Sie erneut.',
  },
  destination_unauthorized: {
    message: 'Das Ziel lehnt die Zugangsdaten ab.',
    remedy:
      'Prüfen Sie den Schlüssel in den Einstellungen des Ziels und seine Rechte, und senden Sie dann erneut.',
  },
  destination_forbidden: {
    message: 'Die Zugangsdaten erlauben diesen Aufruf nicht.',
    remedy: 'Verwenden Sie einen Schlüssel mit dem Recht zu diesem Aufruf, und senden Sie dann erneut.',
  },
  destination_rejected: {
    message: 'Das Ziel lehnt die Sendung ab.',
    remedy:
      'Lesen Sie die Antwort des Ziels, korrigieren Sie die Zuordnung oder die Daten, und senden Sie dann erneut.',
  },
  destination_invalid_identifier: {
    message: 'Das Ziel lehnt die Kennung als fehlerhaft ab.',
    remedy: 'Korrigieren Sie die Kennung dort, wo sie herkommt, und senden Sie dann erneut.',
  },
  destination_user_not_found: {
    message: 'Das Ziel kennt den Nutzer nicht.',
    remedy:
      'Legen Sie den Nutzer zuerst an (senden Sie identify mit der Kennung, die die Art des Projekts verlangt), und senden Sie dann erneut.',
  },
  destination_user_forgotten: {
    message: 'Der Nutzer wollte vergessen werden; das Ziel speichert nichts über ihn.',
    remedy: 'Nichts zu tun, außer der Nutzer hat darum gebeten, wieder gespeichert zu werden.',
  },
  destination_identity_conflict: {
    message: 'Die Kennungen gehören zu zwei verschiedenen Profilen.',
    remedy:
      'Führen Sie die beiden Profile im Ziel zusammen, oder senden Sie nur eine Kennung, und senden Sie dann erneut.',
  },
  destination_field_type_conflict: {
    message: 'Ein Feld hat einen anderen Typ, als das Ziel dafür gespeichert hat.',
    remedy:
      'Senden Sie den Typ, den die Meldung nennt, oder verwenden Sie einen anderen Feldnamen, und senden Sie dann erneut.',
  },
  destination_field_limit: {
    message: 'Das Ziel nimmt keine weiteren neuen Felder an.',
    remedy:
      'Senden Sie weniger verschiedene Felder, oder lassen Sie die Grenze anheben, und senden Sie dann erneut.',
  },
  destination_event_disallowed: {
    message: 'Das Ziel ist so eingestellt, dass es Ereignisse dieses Namens ablehnt.',
    remedy: 'Erlauben Sie den Namen im Ziel, oder grenzen Sie den Auslöser ein, und senden Sie dann erneut.',
  },
  destination_too_large: {
    message: 'Die Sendung allein ist größer, als das Ziel annimmt.',
    remedy: 'Ordnen Sie weniger Felder zu, und senden Sie dann erneut.',
  },
  destination_not_found: {
    message: 'Die Adresse oder das Objekt, das der Aufruf nennt, gibt es im Ziel nicht.',
    remedy:
      'Prüfen Sie die Einstellungen des Ziels (Rechenzentrum, Liste, Katalog), und senden Sie dann erneut.',
  },
  destination_rate_limited: {
    message: 'Das Ziel bittet um weniger Aufrufe.',
    remedy: 'Nichts zu tun: Es wird später erneut gesendet.',
  },
  destination_unavailable: {
    message: 'Das Ziel antwortet mit einem Serverfehler.',
    remedy: 'Nichts zu tun: Es wird später erneut gesendet.',
  },
  destination_timeout: {
    message: 'Das Ziel hat nicht rechtzeitig geantwortet.',
    remedy: 'Nichts zu tun: Es wird später erneut gesendet.',
  },
  destination_unreachable: {
    message: 'Die Verbindung zum Ziel ist fehlgeschlagen.',
    remedy:
      'Nichts zu tun, außer es hält an: Prüfen Sie dann die Adresse in den Einstellungen und das Netzwerk.',
  },
  destination_address_forbidden: {
    message: 'Die Adresse des Ziels ist intern.',
    remedy:
      'Verwenden Sie eine öffentliche Adresse, oder erlauben Sie diesen Host in der Konfiguration des Servers.',
  },
  destination_unreadable_answer: {
    message: 'Die Antwort des Ziels hat nicht das erwartete Format.',
    remedy: 'Nichts zu tun, außer es hält an: Prüfen Sie dann die Adresse in den Einstellungen.',
  },
  destination_result_unknown: {
    message: 'Das Ziel hat kein Ergebnis für diese Sendung gemeldet.',
    remedy: 'Nichts zu tun: Die Sendung wird automatisch erneut gesendet.',
  },
  action_outcome_invalid: {
    message: 'Die Aktion hat ein ungültiges Ergebnis zurückgegeben.',
    remedy:
      'Melden Sie den Wortlaut der Meldung dem Autor des Ziels. Es ist nicht bekannt, ob die Sendung angekommen ist: Prüfen Sie es, und senden Sie dann erneut.',
  },
  action_value_invalid: {
    message: 'Eine Funktion des Ziels hat einen Wert des falschen Typs zurückgegeben.',
    remedy:
      'Melden Sie den Wortlaut der Meldung dem Autor des Ziels; senden Sie erneut, sobald der Fehler behoben ist.',
  },
  destination_process_failed: {
    message: 'Der Prozess mit dem Code des Ziels endete, während er die Sendung sendete.',
    remedy:
      'Melden Sie den Wortlaut der Meldung dem Autor des Ziels; die Sendung wird automatisch erneut gesendet, bis zu 20-mal.',
  },
  destination_process_down: {
    message: 'Der Prozess mit dem Code des Ziels läuft nicht.',
    remedy: 'Nichts zu tun, außer es hält an: Melden Sie den Wortlaut der Meldung dann dem Autor des Ziels.',
  },
  destination_bug: {
    message: 'Der Code der Aktion ist fehlgeschlagen.',
    remedy: 'Melden Sie den Wortlaut der Meldung dem Autor des Ziels.',
  },
  retries_exhausted: {
    message: 'Die Sendung konnte innerhalb der Frist für Wiederholungen nicht zugestellt werden.',
    remedy: 'Sehen Sie sich den letzten Grund an; senden Sie erneut, sobald das Ziel wieder funktioniert.',
  },
  source_failed: {
    message: 'Die Quelle konnte nicht gelesen werden.',
    remedy: 'Nichts zu tun, außer es hält an: Melden Sie den Wortlaut der Meldung dann dem Autor der Quelle.',
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
    remedy: 'Melden Sie den Wortlaut der Meldung dem Autor der Quelle.',
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
    message: 'Die Antwort der Quelle hat nicht das erwartete Format.',
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
    message: 'Quellen dürfen diese Datei nicht lesen.',
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
    message: 'Quellen dürfen den Host der Datenbank nicht erreichen.',
    remedy:
      'Wenn dies beabsichtigt ist, erlauben Sie den Host auf dem Server: WAYBILL_ALLOWED_HOSTS=<Host>:<Port>.',
  },
  audience_database_unreachable: {
    message: 'Die Datenbank nimmt keine Verbindung an.',
    remedy: 'Prüfen Sie Host, Port, Rolle, Passwort und `sslmode` der URL, und ob die Datenbank läuft.',
  },
  audience_column_missing: {
    message: 'Den Zeilen fehlt eine Spalte, die die Einstellungen nennen.',
    remedy: 'Korrigieren Sie den Namen in den Einstellungen oder nehmen Sie die Spalte in die Abfrage auf.',
  },
  audience_query_invalid: {
    message: 'Die Abfrage ist nicht erlaubt.',
    remedy:
      'Schreiben Sie ein einziges SELECT: über die Tabelle `rows` einer Datei oder über die Tabellen der Datenbank.',
  },
  audience_query_failed: {
    message: 'Die Zeilen können nicht gelesen werden.',
    remedy: 'Lesen Sie die Meldung der Datenbank; korrigieren Sie Abfrage oder Datei.',
  },
  audience_key_invalid: {
    message: 'Der Schlüssel identifiziert die Zeilen nicht.',
    remedy: 'Nennen Sie eine Spalte mit eindeutigen Werten.',
  },
  audience_run_gone: {
    message: 'Dieser Lauf wird nicht mehr zurückgehalten.',
    remedy: 'Prüfen Sie den Status der Quelle, und bestätigen Sie den Lauf, der jetzt zurückgehalten wird.',
  },
  audience_limit_reached: {
    message:
      'Der Vergleich hat ein Limit überschritten: Speicher, Zeit oder Platz in der gemeinsamen Datenbank.',
    remedy: 'Erhöhen Sie das Limit in den Einstellungen der Quelle, oder wählen Sie weniger Zeilen aus.',
  },
  processor_failed: {
    message: 'Der Prozessor ist an einem Ereignis oder Timer gescheitert; es wurde übersprungen.',
    remedy: 'Melden Sie den Wortlaut der Meldung dem Autor des Prozessors.',
  },
  review_link_invalid: {
    message:
      'Der Link stammt nicht von diesem Server, wurde verändert oder gehört zu einem Nutzer, der nicht mehr bekannt ist.',
    remedy: 'Senden Sie das Token unverändert aus dem Link in der Nachricht an den Kunden.',
  },
  review_link_expired: {
    message: 'Der Link ist abgelaufen.',
    remedy:
      'Bitten Sie erneut um die Bewertung, oder erhöhen Sie `linkDays` des Prozessors für künftige Links.',
  },
  review_link_used: {
    message: 'Mit diesem Link wurde das Produkt bereits bewertet.',
    remedy: 'Nichts zu tun: Die erste Bewertung zählt.',
  },
  review_invalid: {
    message: 'Die Bewertung hat nicht die erforderliche Form.',
    remedy: 'Senden Sie ein `rating` von 1 bis 5 sowie `title` und `body` als Text, falls vorhanden.',
  },
  delivery_not_held: {
    message: 'Die Zustellung ist nicht angehalten.',
    remedy: 'Nichts zu tun: Ereignisse werden zugestellt.',
  },
  module_failed: {
    message: 'Ein Modul mit Zielen kann nicht geladen werden oder exportiert keine.',
    remedy:
      'Die Meldung nennt die Ursache: Datei und Zeile, den fehlenden Export oder den doppelt verwendeten Namen.',
  },
} as const;
