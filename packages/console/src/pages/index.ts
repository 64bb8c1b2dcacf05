import type { Page } from './page.ts';

/** Every page: one line each. */
export const PAGES: readonly Page[] = [
  { path: '/', nav: { text: 'nav.overview', order: 1 }, load: () => import('./overview/Overview.tsx') },
  { path: '/events', nav: { text: 'nav.events', order: 4 }, load: () => import('./events/Events.tsx') },
  { path: '/events/$messageId', load: () => import('./events/Story.tsx') },
  { path: '/start', load: () => import('./start/Start.tsx') },
  {
    path: '/settings',
    nav: { text: 'nav.settings', order: 8 },
    load: () => import('./settings/Settings.tsx'),
  },
  { path: '/destinations/$id/mappings/$mapping', load: () => import('./mapping/Mapping.tsx') },
];
