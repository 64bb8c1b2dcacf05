import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import { PAGES } from '../pages/index.ts';
import { Broken } from './Broken.tsx';
import { Frame } from './Frame.tsx';
import { NotFound } from './NotFound.tsx';

/** The router over all pages. All filters, selections and open parts of a page are in the query of its URL. */
export function createConsoleRouter() {
  const root = createRootRoute({ component: Frame, notFoundComponent: NotFound });
  const pages = PAGES.map(({ path, load }) =>
    createRoute({
      getParentRoute: () => root,
      path,
      component: lazyRouteComponent(load),
      validateSearch: (search: Record<string, unknown>) => search,
    }),
  );
  const [first] = PAGES;
  const home =
    first === undefined || PAGES.some(({ path }) => path === '/')
      ? []
      : [
          createRoute({
            getParentRoute: () => root,
            path: '/',
            beforeLoad: () => {
              throw redirect({ to: first.path });
            },
          }),
        ];
  return createRouter({
    routeTree: root.addChildren([...pages, ...home]),
    basepath: '/console',
    defaultErrorComponent: Broken,
    defaultPreload: 'intent',
    scrollRestoration: true,
  });
}
