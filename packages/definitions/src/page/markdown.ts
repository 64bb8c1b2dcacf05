import type { Action, Destination, Field, Fields, OAuthDeclaration } from '@waybill/core';
import { modeText } from './audience-mode.ts';

/** Renders the documentation of a destination as Markdown: settings, actions with their fields, presets. */
export function destinationPage(destination: Destination): string {
  const { name, description, settings, actions, presets } = destination;
  const parts = [
    `# ${name}`,
    description,
    '## Settings',
    fieldTable(settings),
    ...(destination.oauth === undefined ? [] : ['## Account', ...accountText(destination.oauth)]),
    ...(destination.audiences === undefined && destination.audienceMode === undefined
      ? []
      : ['## Audiences']),
    ...(destination.audienceMode === undefined
      ? []
      : [`It expects members ${modeText(destination.audienceMode)}.`]),
    ...(destination.audiences === undefined
      ? []
      : [
          'An audience is created there with its first event. `audience_settings` of the event may have:',
          fieldTable(destination.audiences.fields),
        ]),
    ...(destination.deleteUser === undefined ? [] : ['## Deletion', 'It deletes people on request.']),
    '## Actions',
    ...Object.entries(actions).flatMap(([key, action]) => [
      `### ${action.title}`,
      `${action.description} Its key is \`${key}\`.`,
      ...(action.defaultTrigger === undefined
        ? []
        : [`Starts with the trigger \`${action.defaultTrigger}\`.`]),
      action.batch === undefined
        ? 'Each call has one item.'
        : `A call has up to ${action.batch.maxItems} items.${action.batch.allOrNothing === undefined ? '' : ` A call succeeds or fails as a whole: ${action.batch.allOrNothing}`}`,
      fieldTable(action.fields),
      ...modesText(action),
      ...hooksText(action),
    ]),
    ...(presets.length === 0
      ? []
      : [
          '## Presets',
          rows(
            ['preset', 'action', 'when'],
            presets.map((preset) => [
              preset.name,
              actions[preset.action]?.title ?? preset.action,
              preset.type === 'automatic'
                ? `\`${preset.trigger}\``
                : `events of the kind \`${preset.eventSlug}\``,
            ]),
          ),
        ]),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** The sync modes that a mapping chooses from. */
function modesText({ syncMode }: Action): readonly string[] {
  if (syncMode === undefined) return [];
  const modes = syncMode.choices.map(({ value, label }) => `${label} (\`${value}\`)`);
  return [`${syncMode.label ?? 'Sync mode'}: ${modes.join(', ')}.`];
}

/** The hooks that run when a mapping is published: their inputs and outputs. */
function hooksText({ hooks = {} }: Action): readonly string[] {
  return Object.entries(hooks).flatMap(([name, { label, description, fields, outputs = {} }]) => {
    const made = Object.entries(outputs).map(([key, field]) => `${field.label} (\`${key}\`)`);
    return [
      `#### ${label}`,
      `${description} It is the hook \`${name}\`, and runs when the mapping is published.${made.length === 0 ? '' : ` It makes: ${made.join(', ')}.`}`,
      fieldTable(fields),
    ];
  });
}

/** How an account is connected; what the definition omits is a setting. */
function accountText(oauth: OAuthDeclaration): readonly string[] {
  const { authorizeUrl, tokenUrl, scopes = [] } = oauth;
  const codes = scopes.map((scope) => `\`${scope}\``).join(', ');
  return [
    'An account is connected by OAuth: with **Connect** in the console, or `waybill connect`.',
    rows(
      ['what', 'value'],
      [
        ['authorisation URL', addressText(authorizeUrl, 'oauth_authorize_url')],
        ['token URL', addressText(tokenUrl, 'oauth_refresh_token_url')],
        ['scopes', codes === '' ? 'the setting `oauth_scopes`, if there is one' : codes],
      ],
    ),
  ];
}

function addressText(address: string | undefined, setting: string): string {
  return address === undefined ? `the setting \`${setting}\`` : `\`${address}\``;
}

/** Renders settings or fields as a Markdown table: key, type, whether required, meaning, default. */
export function fieldTable(fields: Fields): string {
  const shown = Object.entries(fields).filter(([, field]) => field.unsafe_hidden !== true);
  if (shown.length === 0) return 'None.';
  return rows(
    ['field', 'type', 'needed', 'meaning', 'starts with'],
    shown.map(([key, field]) => [
      `${field.label} (\`${key}\`)`,
      typeOf(field),
      field.required === true
        ? 'yes'
        : field.required === undefined || field.required === false
          ? 'no'
          : 'sometimes',
      field.description,
      field.default === undefined ? '' : `\`${JSON.stringify(field.default)}\``,
    ]),
  );
}

function typeOf(field: Field): string {
  const type = field.type === 'password' ? 'secret' : field.type;
  const choices = (field.choices ?? []).map((one) => `\`${typeof one === 'string' ? one : one.value}\``);
  const one = choices.length > 0 ? `one of ${choices.join(', ')}` : type;
  return field.multiple === true ? `list of ${one}` : one;
}

function rows(head: readonly string[], cells: readonly (readonly string[])[]): string {
  const line = (row: readonly string[]): string => `| ${row.map(cell).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...cells.map(line)].join('\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
