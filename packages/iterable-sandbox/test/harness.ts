import { afterEach } from 'vitest';
import { createSandbox, type Sandbox, type SandboxOptions } from '../src/index.ts';

/** An answer of the sandbox with its body parsed when it is JSON. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Body;
}

/** A parsed body, loosely typed, because tests read answers of many shapes. */
export type Body = ReturnType<typeof JSON.parse>;

/** A running sandbox with helpers to call it. */
export interface Subject {
  readonly sandbox: Sandbox;
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  post(path: string, body?: unknown): Promise<Answer>;
  get(path: string): Promise<Answer>;
  control(path: string, body?: unknown): Promise<Answer>;
  /** The profile as read back by email, or undefined. */
  byEmail(email: string): Promise<Body | undefined>;
}

const open: Sandbox[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((sandbox) => sandbox.close()));
});

/** Starts a sandbox that is closed at the end of the test. */
export async function start(options: SandboxOptions = {}): Promise<Subject> {
  const sandbox = await createSandbox({ limits: false, ...options });
  open.push(sandbox);
  const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(`${sandbox.url}${path}`, {
      method,
      headers: { 'Api-Key': 'demo', 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: parsed(text) };
  };
  return {
    sandbox,
    call,
    post: (path, body = {}) => call('POST', `/api/${path}`, body),
    get: (path) => call('GET', `/api/${path}`),
    control: (path, body) => call(body === undefined ? 'GET' : 'POST', `/_sandbox/${path}`, body),
    byEmail: async (email) => (await call('GET', `/api/users/${encodeURIComponent(email)}`)).body.user,
  };
}

function parsed(text: string): Body {
  try {
    return JSON.parse(text);
  } catch {
    return {}; // text and HTML answers are read with `text`
  }
}
