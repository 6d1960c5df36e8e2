/**
 * The server's clock as seen from here. Each server time that arrives is a sample: it was
 * true some network delay ago, so the sample that puts the server furthest ahead of the
 * local clock is the nearest to the truth; that also corrects a local clock which stood
 * still while the device slept. Only the latest samples count, so that a server clock
 * set back is followed too. The local clock is monotonic: a phone whose date is wrong or
 * is being changed shows the same countdown.
 */
export class ServerClock {
  private samples: number[] = [];

  /** monotonic gives milliseconds that never jump; wall is used before the first sample. */
  constructor(
    private readonly monotonic: () => number = () => performance.now(),
    private readonly wall: () => number = () => Date.now(),
  ) {}

  /** Notes a server time (RFC 3339 or ms) that has just arrived. */
  sync(serverTime: string | number): void {
    const server = typeof serverTime === "number" ? serverTime : Date.parse(serverTime);
    if (Number.isNaN(server)) return;
    this.samples.push(server - this.monotonic());
    if (this.samples.length > kept) this.samples.shift();
  }

  /** The server's time now, in milliseconds since 1970. */
  now(): number {
    const ahead = this.ahead();
    return ahead === undefined ? this.wall() : this.monotonic() + ahead;
  }

  /** Whether a server time has arrived yet. */
  get synced(): boolean {
    return this.samples.length > 0;
  }

  private ahead(): number | undefined {
    return this.samples.length > 0 ? Math.max(...this.samples) : undefined;
  }
}

const kept = 8;
