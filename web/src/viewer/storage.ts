/** Reads JSON from local storage; null when absent, broken or forbidden. */
export function load<T>(key: string): T | null {
  try {
    const text = localStorage.getItem(key);
    return text === null ? null : (JSON.parse(text) as T);
  } catch {
    return null;
  }
}

/** Writes JSON to local storage; null removes. A full or forbidden storage is not worth an error. */
export function save(key: string, value: unknown): void {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Private windows and full disks: the work goes on, only without a safety copy.
  }
}

/** A random id for requests that may be sent twice. Works without a secure context, unlike randomUUID. */
export function clientId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
