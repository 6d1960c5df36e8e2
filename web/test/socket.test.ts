import { beforeEach, describe, expect, it } from "vitest";
import { Stream, streamURL, type Line, type LineState } from "../src/logic/socket";
import type { Frame } from "../src/logic/types";

class FakeLine implements Line {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number; reason?: string }) => void) | null = null;
  sent: string[] = [];
  closed = false;
  constructor(readonly url: string) {}
  send(text: string) {
    this.sent.push(text);
  }
  close() {
    this.closed = true;
  }
  frame(frame: object) {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
  hello() {
    this.frame({ type: "pinhuo.hello", data: { epoch: "e", cursor: "ignored", server_time: "2026-07-20T00:00:00Z", heartbeat_s: 10 } });
  }
  event(n: number) {
    this.frame({ type: "pinhuo.load.posted", id: `ev${n}`, cursor: `c${n}`, data: {} });
  }
  cut(code = 1006, reason = "") {
    this.onclose?.({ code, reason });
  }
}

let lines: FakeLine[];
let timers: { run: () => void; ms: number; gone: boolean }[];
let states: (LineState | [LineState, number | undefined])[];
let got: string[];
let times: string[];
let calls: string[];
let known: boolean;
let stream: Stream;

const line = () => lines[lines.length - 1] as FakeLine;
const afterOf = (one: FakeLine) => new URL(one.url).searchParams.get("after");
const waiting = () => timers.filter((timer) => !timer.gone);

/** Lets the pending timer with the least (or a given) span run. */
async function elapse(ms?: number) {
  const due = waiting().filter((timer) => ms === undefined || timer.ms === ms).sort((a, b) => a.ms - b.ms)[0];
  if (!due) throw new Error("nothing is pending");
  due.gone = true;
  due.run();
  await Promise.resolve();
  await Promise.resolve();
}

beforeEach(() => {
  lines = [];
  timers = [];
  states = [];
  got = [];
  times = [];
  calls = [];
  known = true;
  stream = new Stream(
    "ws://server/v1/stream",
    {
      state: (state, wait) => states.push(wait === undefined ? state : [state, wait]),
      time: (time) => times.push(time),
      event: (frame: Frame) => got.push(frame.id ?? ""),
      reload: () => calls.push("reload"),
      signedOut: () => calls.push("signed out"),
    },
    {
      open: (url) => {
        const next = new FakeLine(url);
        lines.push(next);
        return next;
      },
      later: (run, ms) => {
        const timer = { run, ms, gone: false };
        timers.push(timer);
        return timer;
      },
      never: (timer) => {
        if (timer) (timer as { gone: boolean }).gone = true;
      },
      random: () => 0,
      signedIn: async () => known,
    },
  );
  stream.start("c0");
});

describe("the stream", () => {
  it("begins after the cursor of the lists and is live with hello", () => {
    expect(afterOf(line())).toBe("c0");
    expect(states).toEqual(["connecting"]);
    line().hello();
    expect(states).toEqual(["connecting", "live"]);
    expect(times).toEqual(["2026-07-20T00:00:00Z"]);
  });

  it("resumes after the last event handed over, each once and none lost", async () => {
    line().hello();
    line().event(1);
    line().event(2);
    line().cut();
    expect(states.at(-1)).toEqual(["cut", 250]);
    await elapse(250);
    expect(afterOf(line())).toBe("c2");
    line().hello();
    line().event(3);
    expect(got).toEqual(["ev1", "ev2", "ev3"]);
  });

  it("keeps its place when hello was all that came", async () => {
    line().hello();
    line().cut();
    await elapse(250);
    expect(afterOf(line())).toBe("c0");
  });

  it("does not hear a line that it has given up", async () => {
    const old = line();
    old.hello();
    const hear = old.onmessage;
    old.cut();
    await elapse(250);
    hear?.({ data: JSON.stringify({ type: "pinhuo.load.posted", id: "late", cursor: "cX" }) });
    line().cut();
    await elapse();
    expect(got).toEqual([]);
    expect(afterOf(line())).toBe("c0");
    expect(old.closed).toBe(true);
  });

  it("waits longer and longer, and starts over once it was live", async () => {
    const spans: unknown[] = [];
    for (let i = 0; i < 10; i++) {
      line().cut();
      spans.push((states.at(-1) as [string, number])[1]);
      await elapse(spans.at(-1) as number);
    }
    expect(spans).toEqual([250, 500, 1000, 2000, 4000, 8000, 15000, 15000, 15000, 15000]);
    line().hello();
    line().cut();
    expect(states.at(-1)).toEqual(["cut", 250]);
  });

  it("takes a silent line for a dead one after two and a half heartbeats", async () => {
    line().hello();
    expect(waiting().map((timer) => timer.ms)).toEqual([25_000]);
    line().frame({ type: "pinhuo.beat", data: { server_time: "2026-07-20T00:00:10Z" } });
    expect(line().sent).toEqual(['{"type":"pong"}']);
    expect(times.at(-1)).toBe("2026-07-20T00:00:10Z");
    expect(waiting()).toHaveLength(1);
    const silent = line();
    await elapse(25_000);
    expect(silent.closed).toBe(true);
    expect(states.at(-1)).toEqual(["cut", 250]);
  });

  it("asks to be read anew when history is gone, by frame or by code", () => {
    line().hello();
    line().frame({ type: "pinhuo.reload" });
    expect(calls).toEqual(["reload"]);
    expect(lines[0]?.closed).toBe(true);
    for (const code of [4410, 4400]) {
      stream.start("c9");
      line().cut(code);
    }
    expect(calls).toEqual(["reload", "reload", "reload"]);
    expect(waiting()).toEqual([]);
  });

  it("tells that the session has ended and does not come back", () => {
    line().hello();
    line().cut(4401);
    expect(calls).toEqual(["signed out"]);
    expect(states.at(-1)).toBe("stopped");
    expect(waiting()).toEqual([]);
  });

  it("finds out why an upgrade was refused", async () => {
    known = false;
    line().cut(1006);
    await elapse();
    expect(calls).toEqual(["signed out"]);
    expect(lines).toHaveLength(1);
  });

  it("stays away where the same request would fail again", () => {
    for (const code of [4403, 4413]) {
      stream.start("c0");
      line().cut(code);
      expect(states.at(-1)).toBe("stopped");
      expect(waiting()).toEqual([]);
    }
  });

  it("waits as long as the server asks, and no less than its own back-off", () => {
    line().hello();
    line().cut(1001, "going away; retry_ms=4200");
    expect(states.at(-1)).toEqual(["cut", 4200]);
    stream.start("c0");
    line().cut(1001, "going away; retry_ms=1");
    expect(states.at(-1)).toEqual(["cut", 250]);
  });

  it("resumes after every other code", async () => {
    for (const code of [1001, 1006, 1011, 1013, 4408, 4429]) {
      line().hello();
      line().cut(code);
      expect(states.at(-1), String(code)).toEqual(["cut", 250]);
      await elapse(250);
    }
  });

  it("hurries only when it waits", async () => {
    stream.hurry();
    expect(lines).toHaveLength(1);
    line().cut();
    stream.hurry();
    expect(lines).toHaveLength(2);
    stream.hurry();
    expect(lines).toHaveLength(2);
    expect(waiting()).toHaveLength(1); // the watchdog, no second try
  });

  it("ends for good when stopped", () => {
    line().hello();
    stream.stop();
    expect(line().closed).toBe(true);
    expect(waiting()).toEqual([]);
    expect(states.at(-1)).toBe("stopped");
  });

  it("gives up a line that talks nonsense", () => {
    line().hello();
    line().onmessage?.({ data: "<html>" });
    expect(states.at(-1)).toEqual(["cut", 250]);
  });

  it("is encrypted where the page is", () => {
    expect(streamURL({ protocol: "https:", host: "a.example" })).toBe("wss://a.example/v1/stream");
    expect(streamURL({ protocol: "http:", host: "127.0.0.1:8080" })).toBe("ws://127.0.0.1:8080/v1/stream");
  });
});
