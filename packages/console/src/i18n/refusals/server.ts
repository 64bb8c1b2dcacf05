/** The registry's messages about the workspace, the data folder, tokens and requests, in German. */
export const server = {
  workspace_invalid: {
    message: 'Die Konfiguration entspricht nicht ihrem Schema.',
    remedy:
      'Korrigieren Sie die Eigenschaft, die die Meldung nennt; schemas/workspace.json beschreibt die Form.',
  },
  workspace_unknown_destination: {
    message: 'Ein Ziel dieser Art gibt es nicht.',
    remedy: 'Verwenden Sie eine der Arten, die die Meldung aufführt.',
  },
  workspace_unknown_action: {
    message: 'Das Ziel hat keine Aktion dieses Namens.',
    remedy: 'Verwenden Sie eine der Aktionen, die die Meldung aufführt.',
  },
  workspace_unknown_preset: {
    message: 'Das Ziel hat keine Vorlage dieses Namens.',
    remedy: 'Verwenden Sie eine der Vorlagen, die die Meldung aufführt.',
  },
  workspace_unknown_source: {
    message: 'Eine Quelle dieser ID gibt es nicht.',
    remedy: 'Verwenden Sie die ID einer Quelle der Konfiguration.',
  },
  workspace_unknown_source_type: {
    message: 'Eine Quelle dieser Art gibt es nicht.',
    remedy: 'Verwenden Sie eine der Arten, die die Meldung aufführt, oder "tracking".',
  },
  workspace_unknown_processor: {
    message: 'Einen Prozessor dieser Art gibt es nicht.',
    remedy: 'Verwenden Sie eine der Arten, die die Meldung aufführt.',
  },
  workspace_duplicate_id: {
    message: 'Die ID ist zweimal vergeben.',
    remedy: 'Geben Sie jeder Quelle, jedem Ziel und jeder Zuordnung eine eigene ID.',
  },
  workspace_invalid_settings: {
    message: 'Die Einstellungen des Ziels sind nicht gültig.',
    remedy: 'Korrigieren Sie die Einstellung, die die Meldung nennt.',
  },
  workspace_mapping_limit: {
    message: 'Das Ziel hat die höchste Zahl an Zuordnungen.',
    remedy: 'Entfernen Sie eine Zuordnung, oder erhöhen Sie `maxMappings` des Ziels.',
  },
  workspace_missing_secret: {
    message: 'Ein Geheimnis wird aus einer Umgebungsvariablen gelesen, die nicht gesetzt ist.',
    remedy: 'Setzen Sie die Variable, die die Meldung nennt.',
  },
  workspace_version_required: {
    message: 'Die Änderung gibt nicht an, auf welcher Version sie beruht.',
    remedy:
      'Senden Sie das ETag dessen, was Sie gelesen haben, als If-Match, damit keine Änderung anderer verloren geht; `If-Match: *` überschreibt die aktuelle Version.',
  },
  workspace_version_conflict: {
    message: 'Es wurde nach der Version geändert, auf der diese Änderung beruht.',
    remedy:
      'Lesen Sie es neu, oder verwenden Sie die aktuelle Version aus der Antwort, bringen Sie Ihre Änderung darin ein, und senden Sie es mit dieser Version als If-Match.',
  },
  workspace_not_stored: {
    message: 'Die Änderung konnte nicht gespeichert werden; die Konfiguration ist unverändert.',
    remedy: 'Schaffen Sie Platz auf der Festplatte des Servers, und wiederholen Sie die Änderung.',
  },
  workspace_unreadable: {
    message: 'Die gespeicherte Konfiguration kann nicht gelesen werden.',
    remedy:
      'Spielen Sie eine Sicherung ein, oder entfernen Sie die Datei und starten Sie mit einer Konfigurationsdatei.',
  },
  workspace_secret_needed: {
    message: 'Ein gespeichertes Geheimnis kann nicht mit einer anderen Art oder Adresse verwendet werden.',
    remedy: 'Geben Sie anstelle von `{ "$secret": true }` das Geheimnis selbst an.',
  },
  workspace_variable_forbidden: {
    message: 'Die Konfiguration nennt eine Umgebungsvariable, die sie nicht nennen darf.',
    remedy:
      'Nennen Sie die Variable in WAYBILL_ENV_ALLOW des Servers oder in der Konfigurationsdatei, mit der er gestartet wird.',
  },
  folder_in_use: {
    message: 'Ein anderer Server verwendet den Datenordner.',
    remedy: 'Halten Sie den anderen Server an, oder geben Sie jedem einen eigenen Ordner.',
  },
  folder_not_writable: {
    message: 'In den Datenordner kann nicht geschrieben werden.',
    remedy: 'Machen Sie den Ordner für den Benutzer des Servers beschreibbar, oder wählen Sie einen anderen.',
  },
  folder_not_empty: {
    message: 'Der Ordner enthält schon Dateien.',
    remedy: 'Nennen Sie einen Ordner, der leer ist oder den es noch nicht gibt.',
  },
  folder_damaged: {
    message: 'Eine Datenbank des Datenordners ist beschädigt.',
    remedy: 'Spielen Sie mit `waybill restore` eine Sicherung ein.',
  },
  secret_key_missing: {
    message: 'Der Schlüssel fehlt, mit dem die Geheimnisse der Konfiguration verschlüsselt sind.',
    remedy:
      'Stellen Sie die Datei `secret-key` wieder her, oder setzen Sie WAYBILL_SECRET_KEY auf ihren Inhalt.',
  },
  secret_key_wrong: {
    message: 'Die Geheimnisse der Konfiguration sind mit einem anderen Schlüssel verschlüsselt.',
    remedy:
      'Stellen Sie die Datei `secret-key` wieder her, die zur Konfiguration gehört, oder setzen Sie WAYBILL_SECRET_KEY auf ihren Inhalt.',
  },
  store_in_use: {
    message: 'Ein Server benutzt den Speicher.',
    remedy:
      'Halten Sie den Server an, warten Sie eine Minute, falls er abgebrochen wurde, und führen Sie den Befehl erneut aus.',
  },
  store_not_empty: {
    message: 'Der Zielspeicher enthält schon Daten.',
    remedy:
      'Nennen Sie einen anderen Ordner oder mit `?schema=` ein anderes Schema; oder entfernen Sie die vorhandenen Daten.',
  },
  store_copy_failed: {
    message: 'Der Speicher konnte nicht kopiert werden.',
    remedy:
      'Beheben Sie das Problem, das die Meldung nennt, und führen Sie denselben Befehl erneut aus: Er setzt dort fort, wo er aufgehört hat.',
  },
  store_copy_differs: {
    message: 'Die Kopie gleicht dem Original nicht.',
    remedy:
      'Entfernen Sie die Kopie, stellen Sie sicher, dass niemand einen der Speicher benutzt, und kopieren Sie erneut.',
  },
  backup_damaged: {
    message: 'Die Sicherung ist nicht vollständig oder wurde verändert.',
    remedy: 'Verwenden Sie eine andere Sicherung.',
  },
  token_name_taken: {
    message: 'Ein Token dieses Namens gibt es schon.',
    remedy: 'Wählen Sie einen anderen Namen, oder erneuern Sie das vorhandene Token.',
  },
  token_limit: {
    message: 'Die höchste Zahl an Tokens ist erreicht.',
    remedy: 'Entfernen Sie Tokens, die nicht mehr verwendet werden.',
  },
  token_fixed: {
    message: 'Das Admin-Token kann hier nicht geändert werden.',
    remedy: 'Ändern Sie WAYBILL_ADMIN_TOKEN, und starten Sie den Server neu.',
  },
  source_key_fixed: {
    message:
      'Der Schreibschlüssel wird aus einer Umgebungsvariablen gelesen und wird hier weder angezeigt noch geändert.',
    remedy:
      'Ändern Sie die Variable und starten Sie den Server neu, oder geben Sie der Quelle einen eigenen Schlüssel.',
  },
  request_unauthorized: {
    message: 'Der Schreibschlüssel oder das Token fehlt oder ist unbekannt.',
    remedy:
      'Senden Sie den Schreibschlüssel als Benutzernamen der Basic-Anmeldung, oder ein Token der Admin-API als Bearer-Token; das erste steht in der Datei admin-token im Datenordner.',
  },
  request_forbidden: {
    message: 'Dieses Token darf das nicht.',
    remedy:
      'Verwenden Sie ein Token mit der Rolle, die die Meldung nennt; wer das Admin-Token hat, kann eines anlegen.',
  },
  request_forged: {
    message: 'Die Anfrage stammt möglicherweise von der Seite einer anderen Website.',
    remedy:
      'Senden Sie das csrf der Sitzung als x-csrf-token; ein Skript verwendet ein Bearer-Token statt des Cookies.',
  },
  request_not_found: {
    message: 'Unter dieser Adresse gibt es nichts.',
    remedy: 'Prüfen Sie den Pfad und die ID.',
  },
  request_wrong_host: {
    message: 'Die Konsole ist unter diesem Namen nicht erreichbar.',
    remedy:
      'Öffnen Sie sie unter einer IP-Adresse oder als localhost, oder setzen Sie WAYBILL_PUBLIC_URL auf die Adresse, unter der dieser Server erreicht wird.',
  },
  request_invalid: {
    message: 'Die Anfrage hat einen ungültigen Parameter.',
    remedy: 'Korrigieren Sie den Parameter, den die Meldung nennt.',
  },
  request_throttled: {
    message: 'Von dieser Adresse kamen zu viele falsche Schreibschlüssel oder Tokens.',
    remedy: 'Korrigieren Sie den Schlüssel, und senden Sie nach der Zeit erneut, die Retry-After nennt.',
  },
  request_too_slow: {
    message: 'Der Inhalt der Anfrage kommt zu langsam.',
    remedy: 'Senden Sie die Anfrage noch einmal, über eine bessere Verbindung oder mit weniger Ereignissen.',
  },
  server_overloaded: {
    message: 'Der Server kann gerade keine weiteren Ereignisse annehmen.',
    remedy: 'Senden Sie die Ereignisse nach der Zeit erneut, die Retry-After nennt.',
  },
  server_storage_failed: {
    message: 'Das Ereignis konnte nicht gespeichert werden; es wurde nicht angenommen.',
    remedy: 'Senden Sie das Ereignis noch einmal; prüfen Sie die Festplatte des Servers.',
  },
  server_role_missing: {
    message: 'Dieser Prozess nimmt keine Ereignisse an: Seine WAYBILL_ROLES lassen "intake" aus.',
    remedy: 'Senden Sie Ereignisse an einen Prozess, der die Rolle "intake" hat.',
  },
  server_port_in_use: {
    message: 'Der Port ist belegt.',
    remedy:
      'Halten Sie den Server an, der dort lauscht, oder wählen Sie mit `--port` oder WAYBILL_PORT einen anderen.',
  },
  server_unreachable: {
    message: 'Unter der Adresse antwortet kein Waybill-Server.',
    remedy: 'Starten Sie den Server, oder korrigieren Sie die Adresse.',
  },
  server_unreadable_answer: {
    message: 'Was unter der Adresse antwortet, ist kein Waybill-Server.',
    remedy: 'Korrigieren Sie die Adresse.',
  },
  server_error: {
    message: 'Der Server ist unerwartet gescheitert.',
    remedy: 'Senden Sie die Anfrage noch einmal; im Protokoll des Servers steht mehr.',
  },
} as const;
