/** Returns an unguessable string: 192 bits. Unlike `crypto.randomUUID` it also works over plain HTTP. */
export function randomText(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(24));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_');
}
