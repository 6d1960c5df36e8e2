import { beforeEach, describe, expect, it } from "vitest";
import { ApiError, Unanswered } from "../src/logic/api";
import { Tracker, type Point } from "../src/logic/tracker";

const start = Date.parse("2026-07-20T02:00:00Z");

/** A phone with a memory, a receiver and a line that tests break. */
function phone() {
  const memory = new Map<string, string>();
  const sent: Point[][] = [];
  let line: unknown;
  let found: PositionCallback = () => undefined;
  let lost: PositionErrorCallback = () => undefined;
  let watching = 0;
  const geolocation = {
    watchPosition: (take: PositionCallback, fail: PositionErrorCallback) => {
      [found, lost] = [take, fail];
      return ++watching;
    },
    clearWatch: () => void watching--,
    getCurrentPosition: () => undefined,
  } as unknown as Geolocation;
  const notes = { getItem: (name: string) => memory.get(name) ?? null, setItem: (name: string, value: string) => void memory.set(name, value), removeItem: (name: string) => void memory.delete(name) };
  const tracker = () =>
    new Tracker("t", { notes, geolocation, send: async (_, positions) => {
      if (line) throw line;
      sent.push(positions);
    } });
  return {
    memory, sent, tracker,
    watching: () => watching,
    breakLine: (by: unknown) => (line = by),
    at: async (seconds: number, accuracy = 10) => {
      found({ timestamp: start + seconds * 1000, coords: { latitude: 31.123456789, longitude: 121 + seconds / 1e5, accuracy } } as GeolocationPosition);
      await new Promise((done) => setTimeout(done));
    },
    fail: (code: number) => lost({ code } as GeolocationPositionError),
  };
}

describe("telling where the truck is", () => {
  let p: ReturnType<typeof phone>;
  let tracker: Tracker;
  beforeEach(() => {
    p = phone();
    tracker = p.tracker();
    tracker.start("tr_1");
  });

  it("tells every half minute, to seven places", async () => {
    for (const s of [0, 10, 29, 30, 45, 61]) await p.at(s);
    expect(p.sent.map((list) => list.map((one) => one.at))).toEqual([["2026-07-20T02:00:00.000Z"], ["2026-07-20T02:00:30.000Z"], ["2026-07-20T02:01:01.000Z"]]);
    expect(p.sent[0]?.[0]).toEqual({ at: "2026-07-20T02:00:00.000Z", lat: 31.1234568, lng: 121, accuracy_m: 10 });
    expect(tracker.told.value).toBe(start + 61_000);
  });

  it("keeps what the line does not carry, over a new page too, and tells it later", async () => {
    p.breakLine(new Unanswered("no line"));
    for (const s of [0, 30, 60]) await p.at(s);
    expect(tracker.waiting.value).toBe(3);
    const again = p.tracker();
    again.resume();
    expect(again.trip.value).toBe("tr_1");
    p.breakLine(undefined);
    await p.at(90);
    expect(p.sent.map((list) => list.length)).toEqual([4]);
    expect(again.waiting.value).toBe(0);
  });

  it("waits for a new session, and gives up what the server will never take", async () => {
    p.breakLine(new ApiError({ status: 401 }));
    await p.at(0);
    expect(tracker.waiting.value).toBe(1);
    p.breakLine(new ApiError({ status: 422 }));
    await p.at(30);
    expect(tracker.waiting.value).toBe(0);
  });

  it("remembers no more than one report holds, the newest", async () => {
    p.breakLine(new Unanswered("no line"));
    for (let i = 0; i < 305; i++) await p.at(i * 30);
    p.breakLine(undefined);
    await tracker.flush();
    expect(p.sent[0]?.length).toBe(300);
    expect(p.sent[0]?.[0]?.at).toBe("2026-07-20T02:02:30.000Z");
  });

  it("leaves out what says nothing, and says what is wrong", async () => {
    await p.at(0, 9_000);
    expect(p.sent).toEqual([]);
    p.fail(1);
    expect(tracker.trouble.value).toBe("denied");
    p.fail(2);
    expect(tracker.trouble.value).toBe("unknown");
    await p.at(30);
    expect(tracker.trouble.value).toBe("");
  });

  it("forgets everything when it is stopped", async () => {
    p.breakLine(new Unanswered("no line"));
    await p.at(0);
    tracker.stop();
    expect([p.watching(), p.memory.size, tracker.trip.value, tracker.waiting.value]).toEqual([0, 0, "", 0]);
  });

  it("says so where there is no receiver", () => {
    const none = new Tracker("t", { notes: { getItem: () => null, setItem: () => undefined, removeItem: () => undefined }, geolocation: undefined, send: () => Promise.resolve() });
    none.start("tr_1");
    expect([none.trouble.value, none.trip.value]).toEqual(["none", ""]);
  });
});
