import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { type ReactNode, useEffect, useState } from 'react';
import { Failure } from '../../kit/Failure.tsx';
import { Loading } from '../../kit/Loading.tsx';
import { useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';

/** The raw parameters of the page. The router parses values as JSON, which would change a numeric code. */
function returned(): URLSearchParams {
  const [opened] = performance.getEntriesByType('navigation');
  return new URL(opened?.name ?? location.href).searchParams;
}

/**
 * The OAuth redirect page. It forwards its parameters, because the session cookie is only sent with requests of a page of this
 * server, not with a navigation from another site.
 */
export default function Connect(): ReactNode {
  const t = useTexts();
  const client = useClient();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [search] = useState(returned);
  const end = useMutation({
    mutationFn: () =>
      client.post('/api/oauth', {
        body: {
          state: search.get('state') ?? '',
          ...given('code', search.get('code')),
          ...given('error', search.get('error')),
          ...given('errorDescription', search.get('error_description')),
        },
      }),
    async onSuccess({ destination }) {
      await queries.invalidateQueries({ queryKey: ['account', destination] });
      await navigate({ to: '/destinations/$id', params: { id: destination }, replace: true });
    },
  });
  const { mutate, status } = end;
  useEffect(() => {
    if (status !== 'idle') return;
    mutate();
    // A code is valid once, and must not stay in the history.
    void navigate({ to: '/connect', search: {}, replace: true });
  }, [mutate, navigate, status]);
  return (
    <>
      <h1>{t('connect.title')}</h1>
      {end.isError ? (
        <>
          <Failure error={end.error} />
          <p>
            <Link to="/destinations">{t('destinations.all')}</Link>
          </p>
        </>
      ) : (
        <Loading />
      )}
    </>
  );
}

function given<K extends string>(name: K, value: string | null): { readonly [N in K]?: string } {
  return (value === null ? {} : { [name]: value }) as { readonly [N in K]?: string };
}
