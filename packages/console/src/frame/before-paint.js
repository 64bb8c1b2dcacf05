// Runs before anything is painted: a module would run too late. `preferences.ts` and `session.tsx` store what it reads.
try {
  const { localStorage, document } = globalThis;
  const { theme } = JSON.parse(localStorage.getItem('waybill.preferences') ?? '{}');
  const { dataset } = document.documentElement;
  if (theme === 'light' || theme === 'dark') dataset.theme = theme;
  if (localStorage.getItem('waybill.signed-in') !== null) dataset.signedIn = '';
} catch {
  // Without storage the system theme applies, and the sign-in page is shown.
}
