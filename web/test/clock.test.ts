import { describe, expect, it } from "vitest";
import { ServerClock } from "../src/logic/clock";

function world() {
  let passed = 0;
  let server = Date.parse("2026-07-20T00:00:00Z");
  const clock = new ServerClock(() => passed, () => 42);
  return {
    clock,
    server: () => server,
    /** Time passes here and there. */
    pass(ms: number) {
      passed += ms;
      server += ms;
    },
    /** The device sleeps: its monotonic clock stands still. */
    sleep(ms: number) {
      server += ms;
    },
    setServer(ms: number) {
      server += ms;
    },
    /** A server time that was on its way for a while arrives. */
    beat(delay: number) {
      clock.sync(new Date(server - delay).toISOString());
    },
  };
}

describe("the server's clock", () => {
  it("is the wall clock before anything arrived", () => {
    const { clock } = world();
    expect(clock.synced).toBe(false);
    expect(clock.now()).toBe(42);
  });

  it("trusts the sample with the least delay", () => {
    const w = world();
    for (const delay of [900, 40, 35_000, 300]) {
      w.beat(delay);
      w.pass(15_000);
    }
    expect(w.server() - w.clock.now()).toBe(40);
  });

  it("counts down by the server, however wrong the phone's date is", () => {
    const w = world();
    w.beat(50);
    const expires = w.server() + 60_000;
    w.pass(12_000);
    expect(expires - w.clock.now()).toBe(48_050);
  });

  it("is right again with the first beat after a sleep", () => {
    const w = world();
    w.beat(20);
    w.sleep(600_000);
    w.beat(80);
    expect(w.server() - w.clock.now()).toBe(80);
  });

  it("follows a server clock that was set back once the old samples are gone", () => {
    const w = world();
    for (let i = 0; i < 8; i++) w.beat(30);
    w.setServer(-120_000);
    for (let i = 0; i < 8; i++) w.beat(30);
    expect(w.server() - w.clock.now()).toBe(30);
  });

  it("ignores what is no time", () => {
    const w = world();
    w.clock.sync("soon");
    expect(w.clock.synced).toBe(false);
  });
});
