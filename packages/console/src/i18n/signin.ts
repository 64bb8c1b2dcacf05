/** UI strings of the sign-in page. */
export const signin = {
  en: {
    'signin.title': 'Sign in to Waybill',
    'signin.token': 'Admin token',
    'signin.where':
      'When it starts, the server prints the path of the file that contains the token: admin-token in its data folder.',
    'signin.submit': 'Sign in',
  },
  de: {
    'signin.title': 'Bei Waybill anmelden',
    'signin.token': 'Admin-Token',
    'signin.where':
      'Beim Start gibt der Server den Pfad der Datei mit dem Token aus: admin-token in seinem Datenordner.',
    'signin.submit': 'Anmelden',
  },
} as const;
