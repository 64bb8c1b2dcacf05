/** The registry's messages about events, triggers, mappings, payloads and identifiers, in German. */
export const incoming = {
  event_invalid_json: {
    message: 'Der Inhalt der Anfrage ist kein gültiges JSON.',
    remedy: 'Senden Sie ein JSON-Objekt; die Meldung nennt die Stelle, an der das Lesen endete.',
  },
  event_invalid: {
    message: 'Das Ereignis hat nicht die Form eines Segment-Aufrufs.',
    remedy:
      'Korrigieren Sie die Eigenschaft, die die Meldung nennt; schemas/event.json beschreibt die Form jedes Aufrufs.',
  },
  event_too_large: {
    message: 'Das Ereignis ist größer als 32 KB.',
    remedy: 'Senden Sie weniger in properties oder traits, oder teilen Sie das Ereignis.',
  },
  event_batch_too_large: {
    message: 'Der Batch ist größer als 500 KB.',
    remedy: 'Senden Sie weniger Ereignisse in einem Batch.',
  },
  event_batch_too_long: {
    message: 'Der Batch hat mehr als 2.500 Ereignisse.',
    remedy: 'Senden Sie weniger Ereignisse in einem Batch.',
  },
  event_too_deep: {
    message: 'Das Ereignis ist tiefer als 64 Ebenen verschachtelt.',
    remedy: 'Verwenden Sie in properties oder traits weniger Ebenen.',
  },
  event_unreadable: {
    message:
      'Das Ereignis kann nicht aus dem Ereignisprotokoll gelesen werden: Die Festplatte hat es verändert.',
    remedy:
      'Prüfen Sie die Festplatte; lassen Sie den Absender das Ereignis unter einer anderen messageId noch einmal senden.',
  },
  event_expired: {
    message: 'Das Ziel war so weit im Rückstand, dass seine ältesten Ereignisse verworfen wurden.',
    remedy:
      'Beheben Sie das Problem des Ziels oder erhöhen Sie das Limit seines Rückstands; senden Sie den Zeitraum erneut, solange seine Ereignisse im Ereignisprotokoll sind.',
  },
  deletion_suppressed: {
    message: 'Der Nutzer des Ereignisses wurde gelöscht, und seine Ereignisse werden seitdem abgelehnt.',
    remedy:
      'Senden Sie keine Ereignisse des Nutzers mehr, oder nehmen Sie sie wieder an: Einstellungen, Nutzer löschen, oder POST /api/deletions/lift.',
  },
  deletion_identifier_missing: {
    message: 'Das Ziel löscht Nutzer nach einer Kennung, die die Anfrage nicht nennt.',
    remedy: 'Senden Sie die Anfrage erneut, mit der Nutzer-ID.',
  },
  deletion_limit: {
    message: 'Das Verzeichnis der Löschungen ist voll.',
    remedy:
      'Löschen Sie den Nutzer in jedem Ziel, und bitten Sie die Entwickler um ein größeres Verzeichnis.',
  },
  tracking_plan_invalid: {
    message: 'Der Tracking-Plan ist nicht verwendbar.',
    remedy:
      'Korrigieren Sie die Regel an dem Pfad, den die Meldung nennt; docs/tracking-plans.md beschreibt Pläne.',
  },
  tracking_plan_unplanned_event: {
    message: 'Der Tracking-Plan der Quelle kennt dieses Ereignis nicht.',
    remedy:
      'Korrigieren Sie den Namen beim Absender, oder ergänzen Sie den Plan um eine Regel für das Ereignis.',
  },
  tracking_plan_unplanned_property: {
    message: 'Das Ereignis hat eine Eigenschaft, die der Tracking-Plan nicht nennt.',
    remedy: 'Lassen Sie die Eigenschaft beim Absender weg, oder ergänzen Sie das Schema der Regel um sie.',
  },
  tracking_plan_invalid_value: {
    message: 'Das Ereignis hat einen Wert, den der Tracking-Plan ablehnt, oder ihm fehlt ein verlangter.',
    remedy: 'Korrigieren Sie den Wert beim Absender; die Meldung nennt seinen Pfad und die Regel.',
  },
  trigger_syntax: {
    message: 'Der Auslöser kann nicht gelesen werden.',
    remedy: 'Korrigieren Sie den Auslöser am markierten Zeichen; docs/triggers.md beschreibt die Sprache.',
  },
  trigger_unknown_word: {
    message: 'Der Auslöser enthält ein Wort, das die Sprache nicht kennt.',
    remedy:
      'Verwenden Sie eines der aufgeführten Felder, eine der Funktionen oder einen der Operatoren; docs/triggers.md führt sie auf.',
  },
  trigger_too_large: {
    message: 'Der Auslöser ist zu lang oder zu tief verschachtelt.',
    remedy: 'Teilen Sie den Auslöser auf mehrere Zuordnungen auf.',
  },
  mapping_hook_failed: {
    message: 'Ein Hook der Zuordnung ist fehlgeschlagen; sie wurde nicht veröffentlicht.',
    remedy:
      'Korrigieren Sie die Eingaben des Hooks oder die Einstellungen des Ziels; die Meldung nennt den Fehler.',
  },
  mapping_unknown_directive: {
    message: 'Die Zuordnung enthält eine Direktive, die es nicht gibt.',
    remedy: 'Verwenden Sie eine der Direktiven, die docs/directives.md aufführt.',
  },
  mapping_invalid_directive: {
    message: 'Eine Direktive der Zuordnung hat die falsche Form.',
    remedy:
      'Korrigieren Sie die Direktive an dem Pfad, den die Meldung nennt; docs/directives.md zeigt jede Form.',
  },
  mapping_mixed_directive: {
    message: 'Eine Direktive steht neben anderen Schlüsseln.',
    remedy:
      'Machen Sie die Direktive zum einzigen Schlüssel ihres Objekts, oder entfernen Sie das `@` aus dem Schlüssel.',
  },
  mapping_invalid_shape: {
    message: 'Die Zuordnung ist kein Objekt aus JSON-Werten.',
    remedy: 'Eine Zuordnung ist ein JSON-Objekt, dessen Schlüssel Namen von Feldern sind.',
  },
  mapping_too_large: {
    message: 'Die Zuordnung ist zu groß oder zu tief verschachtelt.',
    remedy: 'Machen Sie die Zuordnung kleiner.',
  },
  mapping_unknown_field: {
    message: 'Die Zuordnung nennt ein Feld, das die Aktion nicht hat.',
    remedy: 'Verwenden Sie eines der Felder der Aktion; die Meldung führt sie auf.',
  },
  mapping_value_invalid: {
    message: 'Die Zuordnung gibt einem Feld einen konstanten Wert, den die Prüfung ablehnt.',
    remedy: 'Geben Sie einen Wert an, der zum Feld passt: zu Typ, Auswahl, Format und Grenzen.',
  },
  mapping_required_missing: {
    message: 'Die Zuordnung lässt ein Pflichtfeld aus, sodass alle Nutzdaten abgelehnt würden.',
    remedy: 'Ordnen Sie das Feld zu.',
  },
  mapping_template_unclosed: {
    message: 'Ein Template öffnet Klammern und schließt sie nicht.',
    remedy: 'Schließen Sie den Pfad mit `}}`; docs/directives.md zeigt Templates.',
  },
  mapping_failed: {
    message: 'Eine Direktive der Zuordnung konnte für dieses Ereignis nicht ausgewertet werden.',
    remedy:
      'Korrigieren Sie die Zuordnung für Ereignisse dieser Form, und senden Sie das Ereignis dann erneut.',
  },
  payload_required: {
    message: 'Ein Pflichtfeld hat keinen Wert.',
    remedy:
      'Ordnen Sie dem Feld eine Eigenschaft zu, die das Ereignis hat, oder senden Sie diese Eigenschaft.',
  },
  payload_wrong_type: {
    message: 'Ein Feld hat einen Wert vom falschen Typ.',
    remedy: 'Ordnen Sie dem Feld einen Wert von dem Typ zu, den die Meldung nennt.',
  },
  payload_invalid_format: {
    message: 'Ein Feld hat einen Wert im falschen Format.',
    remedy: 'Senden Sie einen Wert in dem Format, das die Meldung nennt.',
  },
  payload_not_a_choice: {
    message: 'Ein Feld hat einen Wert, der nicht zur Auswahl steht.',
    remedy: 'Verwenden Sie einen der Werte, die die Meldung aufführt.',
  },
  payload_out_of_range: {
    message: 'Ein Feld hat einen Wert außerhalb seiner Grenzen.',
    remedy: 'Senden Sie einen Wert in den Grenzen, die die Meldung nennt.',
  },
  payload_unknown_field: {
    message: 'Ein Objekt hat eine Eigenschaft, die die Aktion nicht kennt.',
    remedy: 'Entfernen Sie die Eigenschaft aus der Zuordnung.',
  },
  payload_null: {
    message: 'Ein Feld, das nicht null sein darf, ist null.',
    remedy: 'Senden Sie einen Wert, oder lassen Sie die Eigenschaft weg.',
  },
  payload_too_large: {
    message: 'Die Nutzdaten hätten mehr als 1 MB.',
    remedy:
      'Ordnen Sie weniger Werte zu, vor allem weniger konstante Werte je Eintrag einer Liste, und senden Sie dann erneut.',
  },
  identity_missing: {
    message: 'Die Nutzdaten haben keine Kennung, die diese Art von Projekt annimmt.',
    remedy:
      'Senden Sie die Kennung, die die Meldung nennt, oder ordnen Sie sie von dort zu, wo das Ereignis sie hat.',
  },
  identity_invalid_email: {
    message: 'Die E-Mail-Adresse ist fehlerhaft, und eine andere Kennung gibt es nicht.',
    remedy: 'Senden Sie eine gültige Adresse, oder auch eine Nutzer-ID.',
  },
  identity_invalid_user_id: {
    message: 'Das Ziel nimmt diese Nutzer-ID nicht an, und eine andere Kennung gibt es nicht.',
    remedy: 'Senden Sie eine Nutzer-ID aus 1 bis 52 druckbaren ASCII-Zeichen.',
  },
  no_matching_mapping: {
    message: 'Keine eingeschaltete Zuordnung des Ziels passt zu diesem Ereignis.',
    remedy:
      'Soll es gesendet werden, fügen Sie eine Zuordnung hinzu, deren Auslöser zutrifft, oder schalten Sie eine ein.',
  },
  filtered_by_integrations: {
    message: 'Das Ereignis selbst schließt dieses Ziel in seinem Objekt `integrations` aus.',
    remedy: 'Entfernen Sie das Ziel aus `integrations`, wenn das Ereignis dorthin gesendet werden soll.',
  },
  mapping_removed: {
    message: 'Die Zuordnung wurde entfernt oder ausgeschaltet, bevor gesendet werden konnte.',
    remedy: 'Soll gesendet werden, schalten Sie die Zuordnung ein und senden Sie das Ereignis erneut.',
  },
  destination_removed: {
    message: 'Das Ziel wurde entfernt, bevor gesendet werden konnte.',
    remedy: 'Senden Sie den Zeitraum erneut, wenn ein wieder angelegtes Ziel ihn erhalten soll.',
  },
  trigger_no_longer_matches: {
    message: 'Die Zuordnung wurde geändert, und ihr Auslöser trifft auf das Ereignis nicht mehr zu.',
    remedy: 'Soll gesendet werden, ändern Sie den Auslöser und senden Sie das Ereignis erneut.',
  },
  unchanged: {
    message: 'Alles, was gesendet würde, wurde schon zugestellt.',
    remedy: 'Nichts zu tun; lassen Sie alles erneut senden, wenn es noch einmal zugestellt werden soll.',
  },
} as const;
