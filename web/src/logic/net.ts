// Speaking to the server: reading, and writing once however often the line breaks.

import { language, words } from "../words/words";
import { ApiError, client, type Ask } from "./api";
import { Attempts, browserNotes, type Persistence } from "./attempt";

export const notes = browserNotes();
export const attempts = new Attempts("pinhuo.attempts");

let signedOut: () => void = () => undefined;

/** Says what to do when the server no longer knows the session. */
export function onSignedOut(run: () => void): void {
  signedOut = run;
}

const api = client(() => language.value, () => signedOut());

/** Reads from the API. */
export async function read<T>(path: string, ask: Ask = {}): Promise<T> {
  return (await api.ask<T>(path, ask)).body;
}

/** Writes to the API under an intent's name. */
export function write<T>(name: string, path: string, body: unknown, ask: Ask = {}, how: Persistence = {}): Promise<T> {
  const send = (key: string) => read<T>(path, { method: "POST", ...ask, body, key });
  return attempts.run(`${name}@${ask.ifMatch ?? ""}`, body, send, how);
}

/** The text for a person of whatever went wrong with a request. */
export function explain(error: unknown): string {
  const { common } = words();
  if (error instanceof ApiError) {
    const { detail, title, request_id, status } = error.problem;
    const text = detail ?? title ?? `${common.failed} (${status})`;
    return status >= 500 && request_id ? `${text} (${common.requestId(request_id)})` : text;
  }
  return common.unanswered;
}
