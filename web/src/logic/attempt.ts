import { retryAfter, worthRepeating } from "./api";
import { delay } from "./backoff";

/** What localStorage offers, as far as it is used here. */
export interface Notes {
  getItem(name: string): string | null;
  setItem(name: string, value: string): void;
  removeItem(name: string): void;
}

/** A request that was sent and not answered yet. */
export interface Attempt {
  key: string;
  body: unknown;
  at: number;
}

interface Surroundings {
  notes: Notes;
  newKey(): string;
  now(): number;
  sleep(ms: number): Promise<void>;
  random(): number;
}

export interface Persistence {
  /** How often the request is repeated before the person is told. */
  repeats?: number;
  /** Told before each wait. */
  onWait?: (ms: number) => void;
  /** Asked before each repetition: false gives up. */
  goOn?: () => boolean;
}

/**
 * Carries requests over a bad line. Each intent has a name ("accept:of_1"); its
 * idempotency key is noted before the first byte is sent and forgotten only when an
 * answer has arrived. Asking again for the same thing, by a second tap, after a failure
 * or after the page was reloaded, sends the same key, so the server acts once and gives
 * its first answer. Another body is another intent and gets a key of its own.
 */
export class Attempts {
  private readonly running = new Map<string, { body: string; answer: Promise<unknown> }>();

  constructor(
    private readonly prefix: string,
    private readonly around: Surroundings = browser(),
  ) {}

  /** Sends until answered; errors are the answer's, or the last one when it gave up. */
  run<T>(name: string, body: unknown, send: (key: string) => Promise<T>, how: Persistence = {}): Promise<T> {
    const text = JSON.stringify(body);
    const now = this.running.get(name);
    if (now && now.body === text) return now.answer as Promise<T>;
    const answer = this.send(name, text, body, send, how).finally(() => {
      if (this.running.get(name)?.answer === answer) this.running.delete(name);
    });
    this.running.set(name, { body: text, answer });
    return answer;
  }

  /** The unanswered requests whose name begins with prefix. */
  pending(prefix: string): [name: string, attempt: Attempt][] {
    return Object.entries(this.read()).filter(([name]) => name.startsWith(prefix));
  }

  /** Forgets every request, for signing out. */
  forget(): void {
    this.around.notes.removeItem(this.prefix);
  }

  private async send<T>(
    name: string, text: string, body: unknown, send: (key: string) => Promise<T>, how: Persistence,
  ): Promise<T> {
    const key = this.keyFor(name, text, body);
    for (let n = 0; ; n++) {
      try {
        const answer = await send(key);
        this.drop(name, key);
        return answer;
      } catch (error) {
        if (!worthRepeating(error)) {
          this.drop(name, key);
          throw error;
        }
        if (n >= (how.repeats ?? 4)) throw error;
        const wait = Math.max(retryAfter(error), delay(n, pace, this.around.random));
        how.onWait?.(wait);
        await this.around.sleep(wait);
        if (how.goOn && !how.goOn()) throw error;
      }
    }
  }

  private keyFor(name: string, text: string, body: unknown): string {
    const all = this.read();
    const known = all[name];
    if (known && JSON.stringify(known.body) === text) return known.key;
    const key = this.around.newKey();
    all[name] = { key, body, at: this.around.now() };
    this.write(all);
    return key;
  }

  private drop(name: string, key: string): void {
    const all = this.read();
    if (all[name]?.key !== key) return;
    delete all[name];
    this.write(all);
  }

  private read(): Record<string, Attempt> {
    try {
      const all = JSON.parse(this.around.notes.getItem(this.prefix) ?? "{}") as Record<string, Attempt>;
      const oldest = this.around.now() - remembered;
      return Object.fromEntries(Object.entries(all).filter(([, attempt]) => attempt.at > oldest));
    } catch {
      return {};
    }
  }

  private write(all: Record<string, Attempt>): void {
    if (Object.keys(all).length === 0) this.around.notes.removeItem(this.prefix);
    else this.around.notes.setItem(this.prefix, JSON.stringify(all));
  }
}

const pace = { first: 400, most: 8000 };

// The server keeps keys for seven days; older notes would be new requests to it.
const remembered = 6 * 86_400_000;

/** Notes that survive a reload where the browser allows it, and the page otherwise. */
export function browserNotes(): Notes {
  const memory = new Map<string, string>();
  return {
    getItem(name) {
      try {
        return localStorage.getItem(name) ?? memory.get(name) ?? null;
      } catch {
        return memory.get(name) ?? null;
      }
    },
    setItem(name, value) {
      memory.set(name, value);
      try {
        localStorage.setItem(name, value);
      } catch {
        // Private mode or a full store: the page's memory has to do.
      }
    },
    removeItem(name) {
      memory.delete(name);
      try {
        localStorage.removeItem(name);
      } catch {
        // Nothing was kept there.
      }
    },
  };
}

/** A fresh idempotency key; also where crypto.randomUUID is missing (plain http). */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
}

function browser(): Surroundings {
  return {
    notes: browserNotes(),
    newKey,
    now: () => Date.now(),
    sleep: untilLater,
    random: Math.random,
  };
}

/** Waits, and no longer than until the browser says that the line is back. */
function untilLater(ms: number): Promise<void> {
  return new Promise((done) => {
    const end = () => {
      clearTimeout(timer);
      removeEventListener("online", end);
      done();
    };
    const timer = setTimeout(end, ms);
    addEventListener("online", end);
  });
}
