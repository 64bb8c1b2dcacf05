import { Combobox, ComboboxItem, ComboboxList, ComboboxProvider } from '@ariakit/react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import field from '../kit/Field.module.css';
import { Dialog } from '../kit/Dialog.tsx';
import menu from '../kit/Menu.module.css';
import { PAGES } from '../pages/index.ts';
import { useTexts } from '../preferences.ts';
import { useClient } from '../session.tsx';

interface Place {
  readonly path: string;
  readonly label: string;
  readonly kind: string;
}

/** The maximum number of shown places. */
const MOST = 12;

/** The quick switcher: goes to a page, a source, a destination, a mapping or an event by a few letters of its name. */
export function GoTo({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }): ReactNode {
  const t = useTexts();
  return (
    <Dialog title={t('frame.goTo')} open={open} onClose={onClose}>
      {open ? <Places onGone={onClose} /> : null}
    </Dialog>
  );
}

function Places({ onGone }: { readonly onGone: () => void }): ReactNode {
  const t = useTexts();
  const navigate = useNavigate();
  const [text, setText] = useState('');
  const places = usePlaces();
  const wanted = text.trim().toLowerCase();
  const found = places.filter(({ label, path }) => `${label} ${path}`.toLowerCase().includes(wanted));
  const event: Place = {
    path: `/events/${encodeURIComponent(text.trim())}`,
    label: text.trim(),
    kind: t('frame.goTo.event'),
  };
  const shown = [...found.slice(0, MOST), ...(wanted === '' ? [] : [event])];
  return (
    <ComboboxProvider open value={text} setValue={setText}>
      <Combobox
        aria-label={t('frame.goTo.label')}
        placeholder={t('frame.goTo.label')}
        className={field['input']}
        autoFocus
        autoSelect="always"
      />
      <ComboboxList alwaysVisible aria-label={t('frame.goTo')}>
        {shown.map(({ path, label, kind }) => (
          <ComboboxItem
            key={`${kind} ${path}`}
            className={menu['item']}
            onClick={() => {
              onGone();
              void navigate({ to: path });
            }}
          >
            <span className={menu['name']}>{label}</span> <span className={menu['kind']}>{kind}</span>
          </ComboboxItem>
        ))}
      </ComboboxList>
    </ComboboxProvider>
  );
}

/** All places: pages and configured items. */
function usePlaces(): readonly Place[] {
  const t = useTexts();
  const client = useClient();
  const { data } = useQuery({
    queryKey: ['places'],
    queryFn: async () => {
      const [sources, destinations] = await Promise.all([
        client.get('/api/sources'),
        client.get('/api/destinations'),
      ]);
      return { sources, destinations };
    },
  });
  const pages = PAGES.filter(({ path }) => !path.includes('$')).map(({ path, nav }) => ({
    path,
    label: t(nav?.text ?? 'start.title'),
    kind: t('frame.goTo.page'),
  }));
  const part = encodeURIComponent;
  return [
    ...pages,
    ...(data?.sources ?? []).map(({ id, name }) => ({
      path: `/sources/${part(id)}`,
      label: name ?? id,
      kind: t('nav.sources'),
    })),
    ...(data?.destinations ?? []).flatMap(({ id, name, mappings }) => [
      { path: `/destinations/${part(id)}`, label: name ?? id, kind: t('nav.destinations') },
      ...mappings.map((one) => ({
        path: `/destinations/${part(id)}/mappings/${part(one.id)}`,
        label: one.name ?? one.id,
        kind: t('frame.goTo.mapping', { destination: name ?? id }),
      })),
    ]),
  ];
}
