import '../frame/colours.css';
import '../frame/base.css';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createClient } from '@waybill/api/client';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { WithClient } from '../session.tsx';
import { apiOfPage } from './calls.ts';
import { Serve } from './Serve.tsx';

const client = createClient(location.origin, '', { fetch: apiOfPage });
const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });

createRoot(document.getElementById('serve')!).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <WithClient client={client}>
        <Serve />
      </WithClient>
    </QueryClientProvider>
  </StrictMode>,
);
