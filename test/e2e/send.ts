import { request } from 'node:http';
import type { Answer } from './harness.ts';

/** An answer with its headers; the body is bytes unless it is JSON. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Answer;
}

/** Sends exactly these headers: `fetch` adds a content type, and refuses some headers that browsers send. */
export function send(
  url: string,
  method: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  body: string | Buffer = '',
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const asked = request({ hostname, port, method, path, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        const bytes = Buffer.concat(chunks);
        const json = bytes.length > 0 && /json/.test(answer.headers['content-type'] ?? '');
        resolve({
          status: answer.statusCode ?? 0,
          headers: answer.headers,
          body: json ? JSON.parse(bytes.toString()) : bytes,
        });
      });
    });
    asked.on('error', reject);
    asked.end(body);
  });
}
