/** Texts of the sign-in page. */
export const signin = {
  en: {
    'signin.title': 'Sign in to Waybill',
    'signin.token': 'Admin token',
    'signin.where':
      'The server prints where it keeps the token when it starts: the file admin-token in its data folder.',
    'signin.submit': 'Sign in',
  },
  de: {
    'signin.title': 'Bei Waybill anmelden',
    'signin.token': 'Admin-Token',
    'signin.where':
      'Der Server gibt beim Start aus, wo das Token gespeichert ist: in der Datei admin-token in seinem Datenordner.',
    'signin.submit': 'Anmelden',
  },
} as const;
