interface Manifest {
  readonly name: string;
  readonly license: string;
}

/** Returns a manifest with its repository: npm compares it with the build of a provenance statement. */
export function withRepository(text: string, url: string, directory: string): string {
  const { repository: _, ...manifest } = JSON.parse(text) as Manifest & { readonly repository?: unknown };
  const entries = Object.entries({ ...manifest });
  const at = entries.findIndex(([name]) => name === 'license') + 1;
  entries.splice(at, 0, ['repository', { type: 'git', url, directory } as never]);
  return `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`;
}

/** Returns the reason why npm cannot sign a provenance statement in an environment; undefined when it can. */
export function provenanceProblem(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const isGitHub = env['GITHUB_ACTIONS'] !== undefined && env['ACTIONS_ID_TOKEN_REQUEST_URL'] !== undefined;
  const isGitLab = env['GITLAB_CI'] !== undefined && env['SIGSTORE_ID_TOKEN'] !== undefined;
  if (isGitHub || isGitLab) return undefined;
  return 'npm signs provenance only in GitHub Actions with "id-token: write", or in GitLab CI with a SIGSTORE_ID_TOKEN. Leave out --provenance elsewhere.';
}
