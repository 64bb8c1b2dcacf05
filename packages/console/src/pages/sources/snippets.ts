import { quoted } from '../events/curl.ts';

/** The clients for sending events. */
export const CLIENTS = ['curl', 'node', 'browser'] as const;

/** The name of a client. */
export type ClientName = (typeof CLIENTS)[number];

/** The placeholder for a hidden write key in a snippet. */
export const NO_KEY = 'WRITE_KEY';

/** Returns the lines that send a first event to this server. */
export function snippetOf(client: ClientName, origin: string, writeKey: string): string {
  const [host, key] = [origin, writeKey].map((text) => `'${text.replace(/['\\]/g, '\\$&')}'`);
  switch (client) {
    case 'curl':
      return [
        `curl ${origin}/v1/track`,
        `--user ${quoted(`${writeKey}:`)}`,
        `--header 'content-type: application/json'`,
        `--data '{"userId":"user-1","event":"Signed Up","properties":{"plan":"free"}}'`,
      ].join(' \\\n  ');
    case 'node':
      return [
        '// npm install @segment/analytics-node',
        "import { Analytics } from '@segment/analytics-node';",
        '',
        `const analytics = new Analytics({ writeKey: ${key}, host: ${host} });`,
        "analytics.track({ userId: 'user-1', event: 'Signed Up', properties: { plan: 'free' } });",
        'await analytics.closeAndFlush();',
      ].join('\n');
    case 'browser':
      return [
        '// npm install @segment/analytics-next',
        "import { AnalyticsBrowser } from '@segment/analytics-next';",
        '',
        `const analytics = AnalyticsBrowser.load({ writeKey: ${key}, cdnURL: ${host} });`,
        "analytics.identify('user-1');",
        "analytics.track('Signed Up', { plan: 'free' });",
      ].join('\n');
  }
}
