import { signal } from "@preact/signals";
import { ApiError, retryAfter, worthRepeating } from "./api";
import type { Notes } from "./attempt";
import { delay } from "./backoff";
import type { Unsent } from "./goods";

interface Surroundings {
  notes: Notes;
  newKey(): string;
  /** Who is signed in, "" for nobody. */
  user(): string;
  send(act: Unsent): Promise<unknown>;
  later(run: () => void, ms: number): void;
}

/** Why something was not taken by the server. */
export interface Refused {
  act: Unsent;
  error: unknown;
}

const pace = { first: 1000, most: 30_000 };

/**
 * Keeps what a driver tells of goods until the server has answered: on the phone, with the
 * time at which it was told and one key however often it is sent, one after another in the
 * order in which it was told. A reload, another page or an hour without a line lose nothing.
 */
export class Outbox {
  /** What was told and is not answered, in the order in which it was told. */
  readonly unsent = signal<readonly Unsent[]>([]);
  /** Whether the line did not carry it: it is tried again by itself. */
  readonly stuck = signal(false);
  /** By booking, what the server did not take last. */
  readonly refused = signal<ReadonlyMap<string, Refused>>(new Map());
  private sending = false;
  private failures = 0;

  constructor(
    private readonly name: string,
    private readonly around: Surroundings,
  ) {}

  /** Goes on with what was kept before the page was closed. */
  resume(): void {
    this.look();
    void this.flush();
  }

  /** Keeps one thing more and sends it; told twice before an answer it is one. */
  tell(act: Omit<Unsent, "key" | "user">): void {
    this.forgive(act.booking);
    const kept = this.read();
    const user = this.around.user();
    if (kept.some((one) => one.booking === act.booking && one.event === act.event && one.user === user)) return void this.flush();
    this.write([...kept, { ...act, key: this.around.newKey(), user }]);
    void this.flush();
  }

  /** No longer says that something of the booking was not taken. */
  forgive(booking: string): void {
    const left = new Map(this.refused.peek());
    if (left.delete(booking)) this.refused.value = left;
  }

  /** Forgets everything, for signing out. */
  forget(): void {
    this.write([]);
    this.refused.value = new Map();
  }

  /** Sends what waits, until the line fails. */
  async flush(): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    try {
      for (let act = this.first(); act; act = this.first()) {
        if (!(await this.carry(act))) return;
      }
    } finally {
      this.sending = false;
    }
  }

  /** Sends one; whether the next may go. */
  private async carry(act: Unsent): Promise<boolean> {
    try {
      await this.around.send(act);
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return false; // whoever signs in again goes on
      if (worthRepeating(error)) {
        this.stuck.value = true;
        this.around.later(() => void this.flush(), Math.max(retryAfter(error), delay(this.failures++, pace)));
        return false;
      }
      this.refused.value = new Map(this.refused.peek()).set(act.booking, { act, error });
    }
    this.failures = 0;
    this.stuck.value = false;
    this.write(this.read().filter((one) => one.key !== act.key));
    return true;
  }

  private first(): Unsent | undefined {
    const user = this.around.user();
    return this.read().find((one) => one.user === user);
  }

  private look(): void {
    const user = this.around.user();
    this.unsent.value = this.read().filter((one) => one.user === user);
  }

  private read(): Unsent[] {
    try {
      return JSON.parse(this.around.notes.getItem(this.name) ?? "[]") as Unsent[];
    } catch {
      return [];
    }
  }

  private write(acts: Unsent[]): void {
    if (acts.length === 0) this.around.notes.removeItem(this.name);
    else this.around.notes.setItem(this.name, JSON.stringify(acts));
    this.look();
  }
}
