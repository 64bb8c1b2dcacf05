// Runs before anything is painted: a module would come too late. `preferences.ts` and `session.tsx` keep what it reads.
try {
  const { localStorage, document } = globalThis;
  const { theme } = JSON.parse(localStorage.getItem('waybill.preferences') ?? '{}');
  const { dataset } = document.documentElement;
  if (theme === 'light' || theme === 'dark') dataset.theme = theme;
  if (localStorage.getItem('waybill.signed-in') !== null) dataset.signedIn = '';
} catch {
  // A browser that keeps nothing has the theme of its system, and is asked to sign in.
}
