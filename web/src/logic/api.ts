import type { Fault, Problem } from "./types";

/** The server answered with an error; what is wrong is in problem. */
export class ApiError extends Error {
  /** retryAfter is the header of that name: seconds. */
  constructor(
    readonly problem: Problem,
    readonly retryAfter?: string,
  ) {
    super(problem.detail ?? problem.title ?? `HTTP ${problem.status}`);
  }

  get status(): number {
    return this.problem.status;
  }

  /** All faults of the request, the first one included. */
  get faults(): Fault[] {
    const { problem } = this;
    return [problem, ...(problem.errors ?? [])];
  }
}

/** No answer arrived: the request may or may not have been carried out. */
export class Unanswered extends Error {}

/** Whether the same request, with the same key, may succeed later. */
export function worthRepeating(error: unknown): boolean {
  if (error instanceof Unanswered) return true;
  return error instanceof ApiError && (error.status === 429 || error.status >= 500);
}

/** Milliseconds that the server asks to wait, from a Retry-After in seconds. */
export function retryAfter(error: unknown): number {
  const seconds = error instanceof ApiError ? Number(error.retryAfter ?? 0) : 0;
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds, 0), 120) * 1000 : 0;
}

export interface Ask {
  method?: "GET" | "POST" | "PUT" | "DELETE";
  body?: unknown;
  key?: string;
  ifMatch?: number;
  /** For an officer of the desk: the firm whose view is asked for. */
  behalf?: string;
  signal?: AbortSignal;
}

export interface Answer<T> {
  body: T;
  cursor: string | undefined;
}

export interface Client {
  ask<T>(path: string, ask?: Ask): Promise<Answer<T>>;
}

const patience = 20_000;

/**
 * A client of the HTTP API on this origin. language gives the language of error texts;
 * onSignedOut is told when the server no longer knows the session.
 */
export function client(
  language: () => string,
  onSignedOut: () => void,
  send: typeof fetch = (input, init) => fetch(input, init),
): Client {
  return {
    async ask<T>(path: string, ask: Ask = {}): Promise<Answer<T>> {
      const headers: Record<string, string> = { Accept: "application/json", "Accept-Language": language() };
      if (ask.body !== undefined) headers["Content-Type"] = "application/json";
      if (ask.key) headers["Idempotency-Key"] = ask.key;
      if (ask.ifMatch !== undefined) headers["If-Match"] = `"${ask.ifMatch}"`;
      if (ask.behalf) headers["Pinhuo-On-Behalf-Of"] = ask.behalf;
      const init: RequestInit = {
        method: ask.method ?? "GET",
        headers,
        credentials: "same-origin",
        cache: "no-store",
      };
      if (ask.body !== undefined) init.body = JSON.stringify(ask.body);
      const { response, text } = await exchange(send, path, init, ask.signal);
      if (response.ok) return { body: read<T>(text), cursor: response.headers.get("Pinhuo-Cursor") ?? undefined };
      if (response.status === 401) onSignedOut();
      throw refusal(response, text);
    },
  };
}

async function exchange(send: typeof fetch, path: string, init: RequestInit, stop: AbortSignal | undefined) {
  const end = new AbortController();
  const abort = () => end.abort();
  const timer = setTimeout(abort, patience);
  stop?.addEventListener("abort", abort, { once: true });
  try {
    const response = await send(path, { ...init, signal: end.signal });
    return { response, text: await response.text() };
  } catch (error) {
    if (stop?.aborted) throw stop.reason;
    throw new Unanswered(String(error));
  } finally {
    clearTimeout(timer);
    stop?.removeEventListener("abort", abort);
  }
}

function read<T>(text: string): T {
  if (text === "") return undefined as T;
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new Unanswered("the answer cannot be read");
  }
}

function refusal(response: Response, text: string): ApiError {
  let problem: Problem = { status: response.status };
  try {
    problem = { ...(JSON.parse(text) as Problem), status: response.status };
  } catch {
    problem.title = response.statusText;
  }
  return new ApiError(problem, response.headers.get("Retry-After") ?? undefined);
}
