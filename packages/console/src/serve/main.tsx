import '../frame/colours.css';
import '../frame/base.css';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createClient } from '@waybill/api/client';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { WithClient } from '../session.tsx';
import { Serve } from './Serve.tsx';

const NOTHING = {
  code: 'request_not_found',
  message: 'This page has neither seen events nor an account.',
  remedy: 'Enter the value, or take it from the sample event.',
};

/** There is no admin API beside a destination under development: what asks for seen events or for an account finds nothing. */
const nothing = createClient(location.origin, '', {
  fetch: () => Promise.resolve(Response.json({ error: NOTHING }, { status: 404 })),
});
const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });

createRoot(document.getElementById('serve')!).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <WithClient client={nothing}>
        <Serve />
      </WithClient>
    </QueryClientProvider>
  </StrictMode>,
);
