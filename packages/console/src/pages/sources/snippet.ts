/** A write key that nobody can guess: 192 bits. */
export function newWriteKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(24));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_');
}

/** A command that sends an event to this server. */
export function curlOf(origin: string, writeKey: string): string {
  const event = JSON.stringify({ userId: 'user-1', event: 'Signed Up', properties: { plan: 'free' } });
  return `curl --user '${writeKey}:' ${origin}/v1/track --header 'content-type: application/json' --data '${event}'`;
}
