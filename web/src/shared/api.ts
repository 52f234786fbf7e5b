const BASE = '/api/v1';
const TIMEOUT_MS = 30_000;

/** A refusal of the server, or no answer at all (`status` 0, code `offline`). The message is for people. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }

  /** Whether the same request may succeed later without anybody changing it. */
  get temporary(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** The sentence to show for anything that was thrown. */
export function explain(cause: unknown): string {
  if (cause instanceof ApiError) return cause.message;
  return 'Something went wrong in this page. Please reload and try again.';
}

/** Turns an error answer into an {@link ApiError}; understands answers that are not ours (a proxy's, say). */
export function errorFrom(status: number, body: string): ApiError {
  try {
    const parsed = JSON.parse(body) as { error?: { code?: string; message?: string } };
    if (parsed.error?.message)
      return new ApiError(status, parsed.error.code ?? 'unknown', parsed.error.message);
  } catch {
    // Not JSON: fall through to a message of our own.
  }
  if (status === 0)
    return new ApiError(
      0,
      'offline',
      'The server cannot be reached. Check your connection and try again.',
    );
  if (status === 413)
    return new ApiError(status, 'too_large', 'This file is larger than the server accepts.');
  return new ApiError(status, 'unknown', `The server answered with an error (${status}).`);
}

/** Calls the API with JSON, or with a file. Throws {@link ApiError}; an empty answer gives `undefined`. */
export async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  let response: Response;
  let text: string;
  const file = body instanceof Blob;
  const type = file ? 'application/octet-stream' : 'application/json';
  try {
    response = await fetch(BASE + path, {
      method,
      credentials: 'same-origin',
      headers: {
        ...(body === undefined ? {} : { 'Content-Type': type }),
        ...(method === 'GET' ? {} : { 'X-Galley': '1' }),
      },
      body: body === undefined || file ? body : JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    text = await response.text();
  } catch {
    throw errorFrom(0, '');
  }
  if (!response.ok) throw errorFrom(response.status, text);
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

export const get = <T>(path: string) => call<T>('GET', path);
export const post = <T>(path: string, body?: unknown) => call<T>('POST', path, body);
export const patch = <T>(path: string, body: unknown) => call<T>('PATCH', path, body);
export const put = <T>(path: string, body: unknown) => call<T>('PUT', path, body);
export const del = <T = void>(path: string) => call<T>('DELETE', path);
