import { delay } from "./backoff";
import type { Frame } from "./types";

/** What a WebSocket offers, as far as it is used here. */
export interface Line {
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number; reason?: string }) => void) | null;
  send(text: string): void;
  close(code?: number): void;
}

/** connecting: never live yet; live: events arrive; cut: was live or failed, will try again. */
export type LineState = "connecting" | "live" | "cut" | "stopped";

export interface StreamEvents {
  /** The line's state changed; for "cut", wait is the time until the next try (ms). */
  state(state: LineState, wait?: number): void;
  /** The server's time, from hello and from every beat. */
  time(serverTime: string): void;
  /** One event, in order. Its cursor becomes the place of resumption once this returns. */
  event(frame: Frame): void;
  /** History is gone: everything must be read anew; afterwards call start with its cursor. */
  reload(): void;
  /** The session is no longer known. */
  signedOut(): void;
}

interface Surroundings {
  open(url: string): Line;
  later(run: () => void, ms: number): unknown;
  never(timer: unknown): void;
  random(): number;
  /** Resolves false when the session is gone: a refused upgrade tells a page nothing. */
  signedIn(): Promise<boolean>;
}

// What a close code asks for; all others mean: resume with back-off.
const signIn = new Set([4401]);
const reread = new Set([4400, 4410]);
const giveUp = new Set([4403, 4413]);

const pace = { first: 500, most: 30_000 };
const grace = { heartbeat: 30, factor: 2.5 };

/**
 * One subscription to /v1/stream that survives cut lines. It resumes after the last
 * event handed over, so none is lost and none is handed over twice, tells a silent line
 * from a quiet one by the server's beats, and returns with jitter, so that a restarted
 * server is not stormed.
 */
export class Stream {
  private cursor = "";
  private line: Line | undefined;
  private timer: unknown;
  private watchdog: unknown;
  private failures = 0;
  private heartbeat = grace.heartbeat;
  private greeted = false;
  private current: LineState = "stopped";

  constructor(
    private readonly url: string,
    private readonly on: StreamEvents,
    private readonly around: Surroundings,
  ) {}

  /** Subscribes to what comes after the cursor. */
  start(cursor: string): void {
    this.stop();
    this.cursor = cursor;
    this.failures = 0;
    this.tell("connecting");
    this.connect();
  }

  /** Ends the subscription. */
  stop(): void {
    this.around.never(this.timer);
    this.around.never(this.watchdog);
    this.drop();
    if (this.current !== "stopped") this.tell("stopped");
  }

  /** Tries at once instead of waiting: the network is back, or a person asks. */
  hurry(): void {
    if (this.current !== "cut" || this.line) return;
    this.around.never(this.timer);
    this.connect();
  }

  private connect(): void {
    const line = this.around.open(`${this.url}?after=${encodeURIComponent(this.cursor)}`);
    this.line = line;
    this.greeted = false;
    line.onmessage = (event) => line === this.line && this.receive(event.data);
    line.onclose = (event) => line === this.line && this.closed(event.code, event.reason ?? "");
    this.watch();
  }

  private receive(data: unknown): void {
    let frame: Frame;
    try {
      frame = JSON.parse(String(data)) as Frame;
    } catch {
      return this.lost();
    }
    this.watch();
    switch (frame.type) {
      case "pinhuo.hello":
        return this.hello(frame);
      case "pinhuo.beat":
        this.time(frame);
        return this.line?.send('{"type":"pong"}');
      case "pinhuo.reload":
        return this.again();
      default:
        this.on.event(frame);
        if (frame.cursor) this.cursor = frame.cursor;
    }
  }

  private hello(frame: Frame): void {
    this.greeted = true;
    this.failures = 0;
    const seconds = Number(frame.data?.["heartbeat_s"]);
    if (seconds > 0) this.heartbeat = seconds;
    this.time(frame);
    this.watch();
    this.tell("live");
  }

  private time(frame: Frame): void {
    const time = frame.data?.["server_time"];
    if (typeof time === "string") this.on.time(time);
  }

  private closed(code: number, reason: string): void {
    this.drop();
    if (signIn.has(code)) return this.gone();
    if (reread.has(code)) return this.again();
    if (giveUp.has(code)) return this.tell("stopped");
    this.lost(Number(/retry_ms=(\d{1,6})$/.exec(reason)?.[1] ?? 0));
  }

  /** The line is gone: comes back after what the server asked for, and not before back-off allows. */
  private lost(asked = 0): void {
    const refused = !this.greeted;
    this.drop();
    const wait = Math.max(asked, delay(this.failures++, pace, this.around.random));
    this.tell("cut", wait);
    this.timer = this.around.later(() => this.retry(refused), wait);
  }

  private async retry(refused: boolean): Promise<void> {
    // Only an upgrade that was refused can mean that the session is gone.
    if (refused && !(await this.around.signedIn())) {
      if (this.current === "cut" && !this.line) this.gone();
      return;
    }
    if (this.current === "cut" && !this.line) this.connect();
  }

  private again(): void {
    this.stop();
    this.on.reload();
  }

  private gone(): void {
    this.stop();
    this.on.signedOut();
  }

  private watch(): void {
    this.around.never(this.watchdog);
    this.watchdog = this.around.later(() => this.lost(), this.heartbeat * grace.factor * 1000);
  }

  private drop(): void {
    this.around.never(this.watchdog);
    const line = this.line;
    this.line = undefined;
    if (!line) return;
    line.onmessage = line.onclose = null;
    line.close();
  }

  private tell(state: LineState, wait?: number): void {
    this.current = state;
    this.on.state(state, wait);
  }
}

/** The surroundings of a browser; signedIn asks the server. */
export function browserLines(signedIn: () => Promise<boolean>): Surroundings {
  return {
    open: (url) => new WebSocket(url) as unknown as Line,
    later: (run, ms) => setTimeout(run, ms),
    never: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
    random: Math.random,
    signedIn,
  };
}

/** The address of the stream on this origin. */
export function streamURL(at: { protocol: string; host: string }): string {
  return `${at.protocol === "https:" ? "wss" : "ws"}://${at.host}/v1/stream`;
}
