import type { Page } from './page.ts';

/** Every page: one line each. */
export const PAGES: readonly Page[] = [{ path: '/start', load: () => import('./start/Start.tsx') }];
