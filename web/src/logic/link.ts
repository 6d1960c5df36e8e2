/** The secret in a sign-in link, whole or pasted alone; "" when there is none. */
export function secretOf(text: string): string {
  const trimmed = text.trim();
  const match = /[?#&]link=([^&#\s]+)/.exec(trimmed);
  if (match) return decode(match[1] ?? "");
  return /^[\w.~-]{8,}$/.test(trimmed) ? trimmed : "";
}

/**
 * Takes the secret out of the address bar before anything else happens, so that it
 * stays neither in the history nor in a picture of the screen.
 */
export function takeLink(): string {
  const secret = secretOf(location.search) || secretOf(location.hash);
  if (secret) history.replaceState(null, "", location.pathname);
  return secret;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}
