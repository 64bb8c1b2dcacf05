/** Ways in which senders, libraries and error pages encode a string. */
export const SPELLINGS: Readonly<Record<string, (text: string) => string>> = {
  plain: (text) => text,
  json: (text) => JSON.stringify({ key: text }),
  jsonInJson: (text) => JSON.stringify(JSON.stringify(text)),
  jsonThrice: (text) => JSON.stringify(JSON.stringify({ a: JSON.stringify(text) })),
  jsonSlash: (text) => JSON.stringify(text).replaceAll('/', '\\/'),
  unicode: (text) => units(text, (unit) => `\\u${unit}`),
  unicodeUpper: (text) => units(text, (unit) => `\\u${unit.toUpperCase()}`),
  percent: encodeURIComponent,
  percentLower: (text) => encodeURIComponent(text).replace(/%../g, (one) => one.toLowerCase()),
  percentAll: (text) => [...Buffer.from(text)].map((one) => `%${one.toString(16).padStart(2, '0')}`).join(''),
  percentTwice: (text) => encodeURIComponent(encodeURIComponent(text)),
  percentThrice: (text) => encodeURIComponent(String(new URLSearchParams({ k: encodeURIComponent(text) }))),
  form: (text) => String(new URLSearchParams({ key: text })),
  address: (text) => {
    const url = new URL('http://host.example/path');
    url.searchParams.set('key', text);
    url.hash = text;
    return url.href;
  },
  addressByHand: (text) =>
    new URL(`http://host.example/?k=${text.replace(/[#&+\s]/g, encodeURIComponent)}`).href,
  base64: (text) => Buffer.from(text).toString('base64'),
  basic: (text) => `Basic ${Buffer.from(`user:${text}`).toString('base64')}`,
  basicKey: (text) => `Basic ${Buffer.from(`${text}:`).toString('base64')}`,
  basicBetween: (text) => Buffer.from(`me:${text}:x`).toString('base64url'),
  basicOfOAuth: (text) => Buffer.from(`id:${encodeURIComponent(text)}`).toString('base64'),
  base64OfJson: (text) =>
    JSON.stringify({ k: Buffer.from(JSON.stringify({ a: text })).toString('base64') }).replaceAll('/', '\\/'),
  base64InAddress: (text) => encodeURIComponent(Buffer.from(`api:${text}`).toString('base64')),
  hexadecimal: (text) => Buffer.from(text).toString('hex'),
  html: (text) =>
    text
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      .replaceAll("'", '&#39;'),
};

function units(text: string, write: (unit: string) => string): string {
  return Array.from({ length: text.length }, (_, at) =>
    write(text.charCodeAt(at).toString(16).padStart(4, '0')),
  ).join('');
}

/** Ways back, of which a reader may try one after the other. */
const READINGS: readonly ((text: string) => string)[] = [
  (text) =>
    text.replace(/(%[0-9a-f]{2})+/gi, (one) => {
      try {
        return decodeURIComponent(one);
      } catch {
        return one;
      }
    }),
  (text) => text.replaceAll('+', ' '),
  (text) =>
    text.replace(/\\u([0-9a-f]{4})/gi, (_one, unit: string) =>
      String.fromCharCode(Number.parseInt(unit, 16)),
    ),
  (text) => text.replace(/\\(["\\/nrtbf])/g, (_one, mark: string) => JSON.parse(`"\\${mark}"`) as string),
  (text) =>
    text.replace(/[\w+/-]{6,}/g, (one) => {
      const plain = one.replaceAll('-', '+').replaceAll('_', '/');
      return [one, ...[0, 1, 2, 3].map((from) => Buffer.from(plain.slice(from), 'base64').toString())].join(
        ' ',
      );
    }),
  (text) =>
    text
      .replace(/&#(\d+);/g, (_one, code: string) => String.fromCharCode(Number(code)))
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&quot;', '"')
      .replaceAll('&amp;', '&'),
  (text) => text.replace(/([0-9a-f]{2}){4,}/gi, (one) => `${one} ${Buffer.from(one, 'hex').toString()}`),
];

/** Returns the decoded readings of a string, up to `depth` encodings. */
export function readingsOf(text: string, depth = 2): readonly string[] {
  const seen = new Set([text]);
  let level = [text];
  for (let step = 0; step < depth; step += 1) {
    level = level.flatMap((one) => READINGS.map((read) => read(one))).filter((one) => !seen.has(one));
    for (const one of level) seen.add(one);
  }
  return [...seen];
}

const ALPHABETS = [
  'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789',
  Array.from({ length: 95 }, (_, at) => String.fromCharCode(32 + at)).join(''),
  '!\'()*~ %&=+/\\"<>#?:;@$,`|^[]{}',
  'é€😀ß\t"\\/ aA1%+',
].map((one) => [...one]);

/** A secret of some alphabet and length; the same numbers give the same secret. */
export function makeSecret(random: () => number, at: number): string {
  const alphabet = ALPHABETS[at % ALPHABETS.length]!;
  const length = [6, 8, 16, 32, 49, 100, 300][Math.floor(random() * 7)]!;
  const made = Array.from({ length }, () => alphabet[Math.floor(random() * alphabet.length)]!)
    .join('')
    .trim();
  return made.length < 6 ? makeSecret(random, at) : made;
}

/** Random numbers that are the same in every run. */
export function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return state / 0x8000_0000;
  };
}
