import { delay } from "./backoff";

interface Surroundings {
  /** Reads one thing anew; rejects when no answer came. */
  read(what: string): Promise<void>;
  later(run: () => void, ms: number): unknown;
  random(): number;
}

const atOnce = 4;
const pace = { first: 500, most: 15_000 };

/**
 * Reads anew what events say has changed. Each thing is noted until an answer arrived
 * that was asked for after the last event about it, so neither a bad line nor a burst
 * leaves the page behind; a burst about one thing is one or two reads.
 */
export class Refresher {
  private readonly wanted = new Set<string>();
  private readonly reading = new Set<string>();
  private readonly resting = new Set<string>();
  private failures = 0;

  constructor(private readonly around: Surroundings) {}

  /** Notes that the thing has changed. */
  mark(what: string): void {
    this.wanted.add(what);
    this.pump();
  }

  /** Forgets everything; answers still on their way are not repeated. */
  clear(): void {
    this.wanted.clear();
    this.resting.clear();
    this.failures = 0;
  }

  /** Whether all that is shown is up to date. */
  get settled(): boolean {
    return this.wanted.size === 0 && this.reading.size === 0;
  }

  private pump(): void {
    for (const what of this.wanted) {
      if (this.reading.size >= atOnce) return;
      if (this.reading.has(what) || this.resting.has(what)) continue;
      this.wanted.delete(what);
      this.reading.add(what);
      void this.read(what);
    }
  }

  private async read(what: string): Promise<void> {
    try {
      await this.around.read(what);
      this.failures = 0;
    } catch {
      this.wanted.add(what);
      this.rest(what);
    }
    this.reading.delete(what);
    this.pump();
  }

  private rest(what: string): void {
    this.resting.add(what);
    this.around.later(() => {
      if (this.resting.delete(what)) this.pump();
    }, delay(this.failures++, pace, this.around.random));
  }
}
