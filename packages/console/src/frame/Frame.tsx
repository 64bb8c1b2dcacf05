import { Link, Outlet } from '@tanstack/react-router';
import { type ReactNode, Suspense, useCallback, useState } from 'react';
import { Banner } from '../kit/Banner.tsx';
import { Failure } from '../kit/Failure.tsx';
import { Loading } from '../kit/Loading.tsx';
import { UndoProvider } from '../kit/Undo.tsx';
import { PAGES } from '../pages/index.ts';
import { useTexts } from '../preferences.ts';
import { type Session, useEntrance } from '../session.tsx';
import styles from './Frame.module.css';
import { GoTo } from './GoTo.tsx';
import { PreferencesMenu } from './PreferencesMenu.tsx';
import { Shortcuts } from './Shortcuts.tsx';
import { SignIn } from './SignIn.tsx';
import { useKeys } from './use-keys.ts';

const LINKS = PAGES.flatMap(({ path, nav }) => (nav === undefined ? [] : [{ path, ...nav }])).sort(
  (one, other) => one.order - other.order,
);

/** The navigation, and the page in it; the sign-in page while nobody is signed in. */
export function Frame(): ReactNode {
  const { session } = useEntrance();
  return session === undefined ? <SignIn /> : <Inside session={session} />;
}

function Inside({ session }: { readonly session: Session }): ReactNode {
  const t = useTexts();
  const [notLeft, setNotLeft] = useState<unknown>();
  const [over, setOver] = useState<'goTo' | 'help'>();
  const close = useCallback(() => setOver(undefined), []);
  const goTo = useCallback(() => setOver('goTo'), []);
  const help = useCallback(() => setOver('help'), []);
  useKeys({ onGoTo: goTo, onHelp: help });
  return (
    <div className={styles['frame']}>
      <a className={styles['skip']} href="#content">
        {t('frame.skip')}
      </a>
      <Banner>
        <nav aria-label={t('frame.navigation')} className={styles['navigation']}>
          {LINKS.map(({ path, text }) => (
            <Link
              key={path}
              to={path}
              className={styles['link']}
              activeProps={{ 'aria-current': 'page' }}
              activeOptions={{ exact: path === '/', includeSearch: false }}
            >
              {t(text)}
            </Link>
          ))}
        </nav>
        <PreferencesMenu
          onGoTo={goTo}
          onHelp={help}
          onSignOut={() => {
            setNotLeft(undefined);
            session.signOut().catch(setNotLeft);
          }}
        />
      </Banner>
      <UndoProvider>
        <main id="content" className={styles['content']} tabIndex={-1}>
          {notLeft === undefined ? null : <Failure error={notLeft} />}
          <Suspense fallback={<Loading />}>
            <Outlet />
          </Suspense>
        </main>
      </UndoProvider>
      <GoTo open={over === 'goTo'} onClose={close} />
      <Shortcuts open={over === 'help'} onClose={close} />
    </div>
  );
}
