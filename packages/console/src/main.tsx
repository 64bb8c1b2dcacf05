import './frame/colours.css';
import './frame/base.css';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createConsoleRouter } from './frame/router.tsx';
import { SessionProvider } from './session.tsx';

// What was seen last is shown at once and refreshed quietly; a refusal is an answer, and not asked for again.
const queries = new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: 2_000 } } });
const router = createConsoleRouter();
// The page of this address is loaded while the server is asked who is there.
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
