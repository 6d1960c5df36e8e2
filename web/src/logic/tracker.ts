import { signal } from "@preact/signals";
import { ApiError, worthRepeating } from "./api";
import type { Notes } from "./attempt";

/** Where the truck was, as the API takes it. */
export interface Point {
  at: string;
  lat: number;
  lng: number;
  accuracy_m: number;
}

/** Why nothing can be told: the person said no, the phone does not know, or it cannot at all. */
export type Trouble = "" | "denied" | "unknown" | "none";

interface Surroundings {
  notes: Notes;
  geolocation: Geolocation | undefined;
  send(trip: string, positions: Point[]): Promise<unknown>;
}

/** As many as one report may hold; older ones are dropped first. */
const most = 300;
const apart = 30_000;
const widest = 5_000;

/**
 * Tells where the truck of a trip is while the page is open. What the line does not carry
 * is kept on the phone and told later, each position with its own time; the server takes
 * what comes twice as once.
 */
export class Tracker {
  /** The trip that is told of, "" for none. */
  readonly trip = signal("");
  readonly trouble = signal<Trouble>("");
  /** When the server heard of it last, by this phone's clock. */
  readonly told = signal(0);
  /** How many positions wait for a line. */
  readonly waiting = signal(0);
  private watch: number | undefined;
  private sending = false;

  constructor(
    private readonly prefix: string,
    private readonly around: Surroundings,
  ) {}

  /** Goes on with what was begun before the page was closed. */
  resume(): void {
    const trip = this.around.notes.getItem(`${this.prefix}.trip`);
    if (trip) this.start(trip);
  }

  /** Begins to tell of a trip; of another one, what waits is forgotten. */
  start(trip: string): void {
    const { geolocation, notes } = this.around;
    if (notes.getItem(`${this.prefix}.trip`) !== trip) this.stop();
    if (!geolocation) {
      this.trouble.value = "none";
      return;
    }
    this.unwatch();
    notes.setItem(`${this.prefix}.trip`, trip);
    this.trip.value = trip;
    this.waiting.value = this.queue().length;
    this.watch = geolocation.watchPosition((found) => this.take(found), (error) => this.fail(error), { enableHighAccuracy: true, maximumAge: 10_000, timeout: 60_000 });
  }

  stop(): void {
    this.unwatch();
    this.around.notes.removeItem(`${this.prefix}.trip`);
    this.around.notes.removeItem(`${this.prefix}.queue`);
    this.trip.value = "";
    this.trouble.value = "";
    this.told.value = 0;
    this.waiting.value = 0;
  }

  private unwatch(): void {
    if (this.watch !== undefined) this.around.geolocation?.clearWatch(this.watch);
    this.watch = undefined;
  }

  private fail(error: GeolocationPositionError): void {
    this.trouble.value = error.code === 1 ? "denied" : "unknown";
  }

  private take({ coords, timestamp }: GeolocationPosition): void {
    this.trouble.value = "";
    const queue = this.queue();
    const last = queue[queue.length - 1];
    const accuracy = Math.round(coords.accuracy);
    if (accuracy <= widest && timestamp - Math.max(last ? Date.parse(last.at) : 0, this.told.peek()) >= apart) {
      queue.push({ at: new Date(timestamp).toISOString(), lat: rounded(coords.latitude), lng: rounded(coords.longitude), accuracy_m: accuracy });
      this.keep(queue.slice(-most));
    }
    void this.flush();
  }

  /** Sends what waits; what is wrong with it cannot be mended by sending it again. */
  async flush(): Promise<void> {
    const trip = this.trip.peek();
    const queue = this.queue();
    if (this.sending || !trip || queue.length === 0) return;
    this.sending = true;
    try {
      await this.around.send(trip, queue);
      this.drop(trip, queue);
    } catch (error) {
      if (error instanceof ApiError && error.status !== 401 && !worthRepeating(error)) this.drop(trip, queue);
    } finally {
      this.sending = false;
    }
  }

  private drop(trip: string, sent: Point[]): void {
    if (this.trip.peek() !== trip) return;
    const last = sent[sent.length - 1]?.at ?? "";
    this.told.value = Date.parse(last);
    this.keep(this.queue().filter((one) => one.at > last));
  }

  private queue(): Point[] {
    try {
      return JSON.parse(this.around.notes.getItem(`${this.prefix}.queue`) ?? "[]") as Point[];
    } catch {
      return [];
    }
  }

  private keep(queue: Point[]): void {
    this.around.notes.setItem(`${this.prefix}.queue`, JSON.stringify(queue));
    this.waiting.value = queue.length;
  }
}

const rounded = (degrees: number) => Math.round(degrees * 1e7) / 1e7;
