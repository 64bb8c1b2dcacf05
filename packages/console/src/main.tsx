import './frame/colours.css';
import './frame/base.css';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createConsoleRouter } from './frame/router.tsx';
import { SessionProvider } from './session.tsx';

// Cached data is shown at once and refreshed in the background; a refusal is an answer, and not retried.
const queries = new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: 2_000 } } });
const router = createConsoleRouter();
// The page is loaded in parallel with the session.
void router.load();

createRoot(document.getElementById('console')!).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <SessionProvider>
        <RouterProvider router={router} />
      </SessionProvider>
    </QueryClientProvider>
  </StrictMode>,
);
