// Runs before anything is painted: a module would come too late. `preferences.ts` keeps what it reads.
try {
  const { theme } = JSON.parse(globalThis.localStorage.getItem('waybill.preferences') ?? '{}');
  if (theme === 'light' || theme === 'dark') globalThis.document.documentElement.dataset.theme = theme;
} catch {
  // A browser that keeps nothing has the theme of its system.
}
