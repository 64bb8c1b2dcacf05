/** A text that nobody can guess: 192 bits. Unlike `crypto.randomUUID` it is there over plain HTTP too. */
export function randomText(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(24));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_');
}
