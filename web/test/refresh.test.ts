import { describe, expect, it } from "vitest";
import { Refresher } from "../src/logic/refresh";
import { Shelf } from "../src/logic/shelf";

const settle = async () => {
  for (let i = 0; i < 20; i++) await Promise.resolve();
};

describe("reading anew what events name", () => {
  it("reads again what changed while it was being read", async () => {
    const asked: string[] = [];
    const answers: (() => void)[] = [];
    const refresher = new Refresher({
      read: (what) => {
        asked.push(what);
        return new Promise((done) => answers.push(done));
      },
      later: () => undefined,
      random: () => 0,
    });
    refresher.mark("loads/1");
    for (let i = 0; i < 5; i++) refresher.mark("loads/1");
    expect(asked).toEqual(["loads/1"]);
    answers[0]?.();
    await settle();
    expect(asked).toEqual(["loads/1", "loads/1"]);
    answers[1]?.();
    await settle();
    expect(refresher.settled).toBe(true);
  });

  it("reads a few at a time and all in the end", async () => {
    let now = 0, most = 0, done = 0;
    const refresher = new Refresher({
      read: async () => {
        most = Math.max(most, ++now);
        await settle();
        now--;
        done++;
      },
      later: () => undefined,
      random: () => 0,
    });
    for (let i = 0; i < 30; i++) refresher.mark(`loads/${i}`);
    for (let i = 0; i < 40; i++) await settle();
    expect([most, done, refresher.settled]).toEqual([4, 30, true]);
  });

  it("does not forget what no answer came for, nor let it hold up the rest", async () => {
    const timers: (() => void)[] = [];
    let down = true;
    const asked: string[] = [];
    const refresher = new Refresher({
      read: async (what) => {
        asked.push(what);
        if (down && what === "loads/1") throw new Error("no answer");
      },
      later: (run) => timers.push(run),
      random: () => 0,
    });
    refresher.mark("loads/1");
    await settle();
    refresher.mark("loads/2");
    await settle();
    expect(asked).toEqual(["loads/1", "loads/2"]);
    expect(refresher.settled).toBe(false);
    down = false;
    timers.shift()?.();
    await settle();
    expect(asked).toEqual(["loads/1", "loads/2", "loads/1"]);
    expect(refresher.settled).toBe(true);
  });
});

describe("a shelf", () => {
  it("never goes back to an older version, in whatever order answers arrive", () => {
    const shelf = new Shelf<{ id: string; version: number; text: string }>();
    shelf.put({ id: "a", version: 2, text: "two" }, { id: "b", version: 1, text: "b" });
    shelf.put({ id: "a", version: 1, text: "one" });
    expect(shelf.get("a")?.text).toBe("two");
    shelf.put({ id: "a", version: 2, text: "two again" });
    expect(shelf.get("a")?.text).toBe("two again");
    expect(shelf.list().map((row) => row.id)).toEqual(["b", "a"]);
    shelf.drop("a");
    expect(shelf.get("a")).toBeUndefined();
  });
});
