import type { Page } from './page.ts';

/** All pages. */
export const PAGES: readonly Page[] = [
  { path: '/', nav: { text: 'nav.overview', order: 1 }, load: () => import('./overview/Overview.tsx') },
  {
    path: '/sources',
    nav: { text: 'nav.sources', order: 2 },
    load: () => import('./sources/Sources.tsx'),
  },
  { path: '/sources/$id', load: () => import('./sources/Source.tsx') },
  { path: '/sources/$id/plan', load: () => import('./plan/Plan.tsx') },
  { path: '/sources/$id/reconcile', load: () => import('./reconcile/Reconcile.tsx') },
  {
    path: '/processors',
    nav: { text: 'nav.processors', order: 3 },
    load: () => import('./processors/Processors.tsx'),
  },
  { path: '/processors/$id', load: () => import('./processors/Processor.tsx') },
  {
    path: '/destinations',
    nav: { text: 'nav.destinations', order: 4 },
    load: () => import('./destinations/Destinations.tsx'),
  },
  { path: '/destinations/$id', load: () => import('./destinations/Destination.tsx') },
  { path: '/connect', load: () => import('./connect/Connect.tsx') },
  { path: '/destinations/$id/mappings', load: () => import('./mappings/Mappings.tsx') },
  { path: '/events', nav: { text: 'nav.events', order: 5 }, load: () => import('./events/Events.tsx') },
  { path: '/events/$messageId', load: () => import('./events/Story.tsx') },
  { path: '/start', load: () => import('./start/Start.tsx') },
  {
    path: '/settings',
    nav: { text: 'nav.settings', order: 9 },
    load: () => import('./settings/Settings.tsx'),
  },
  { path: '/destinations/$id/mappings/$mapping', load: () => import('./mapping/Mapping.tsx') },
  {
    path: '/delivery',
    nav: { text: 'nav.delivery', order: 6 },
    load: () => import('./delivery/Delivery.tsx'),
  },
  {
    path: '/dead-letters',
    nav: { text: 'nav.deadLetters', order: 7 },
    load: () => import('./dead-letters/DeadLetters.tsx'),
  },
  { path: '/dead-letters/$id', load: () => import('./dead-letters/DeadLetter.tsx') },
  { path: '/limits', nav: { text: 'nav.limits', order: 8 }, load: () => import('./limits/Limits.tsx') },
];
