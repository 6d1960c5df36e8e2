import { describe, expect, it } from "vitest";
import { ApiError, Unanswered } from "../src/logic/api";
import { Attempts, type Notes } from "../src/logic/attempt";
import { delay } from "../src/logic/backoff";

function notes(): Notes & { map: Map<string, string> } {
  const map = new Map<string, string>();
  return {
    map,
    getItem: (name) => map.get(name) ?? null,
    setItem: (name, value) => void map.set(name, value),
    removeItem: (name) => void map.delete(name),
  };
}

/** A server that does each keyed request once, and a line that loses requests or answers. */
class Server {
  readonly done = new Map<string, string>();
  sent: string[] = [];
  losses: ("request" | "answer" | "busy" | "")[] = [];

  accept = async (key: string): Promise<string> => {
    this.sent.push(key);
    const loss = this.losses.shift() ?? "";
    if (loss === "request") throw new Unanswered("lost on the way");
    if (loss === "busy") throw new ApiError({ status: 503 }, "3");
    const answer = this.done.get(key) ?? `booking ${this.done.size + 1}`;
    this.done.set(key, answer);
    if (loss === "answer") throw new Unanswered("lost on the way back");
    return answer;
  };
}

function attempts(kept = notes()) {
  let count = 0;
  const waits: number[] = [];
  const clock = { now: 1_000_000_000_000 };
  const made = () =>
    new Attempts("attempts", {
      notes: kept,
      newKey: () => `key${++count}`,
      now: () => clock.now,
      sleep: async (ms) => void waits.push(ms),
      random: () => 0,
    });
  return { made, waits, kept, clock };
}

describe("a tap on a bad line", () => {
  it("is sent again under one key until it is answered", async () => {
    const server = new Server();
    server.losses = ["request", "answer", "busy", "answer"];
    const { made, waits, kept } = attempts();
    expect(await made().run("accept:1", { version: 3 }, server.accept)).toBe("booking 1");
    expect(new Set(server.sent)).toEqual(new Set(["key1"]));
    expect(server.sent).toHaveLength(5);
    expect(server.done.size).toBe(1);
    expect(waits).toEqual([200, 400, 3000, 1600]);
    expect(kept.map.size).toBe(0);
  });

  it("gives two taps one answer", async () => {
    const server = new Server();
    server.losses = ["answer"];
    const { made } = attempts();
    const all = made();
    const [first, second] = await Promise.all([
      all.run("accept:1", { version: 3 }, server.accept),
      all.run("accept:1", { version: 3 }, server.accept),
    ]);
    expect(first).toBe(second);
    expect(server.done.size).toBe(1);
  });

  it("goes on after a reload with the key that was noted", async () => {
    const server = new Server();
    server.losses = ["answer"];
    const { made } = attempts();
    await expect(made().run("accept:1", { version: 3 }, server.accept, { repeats: 0 })).rejects.toThrow(Unanswered);
    const later = made();
    expect(later.pending("accept:").map(([name, { body }]) => [name, body])).toEqual([["accept:1", { version: 3 }]]);
    expect(await later.run("accept:1", { version: 3 }, server.accept)).toBe("booking 1");
    expect(server.sent).toEqual(["key1", "key1"]);
    expect(later.pending("accept:")).toEqual([]);
  });

  it("is a new intent when the body is another or the answer was a refusal", async () => {
    const { made } = attempts();
    const all = made();
    const keys: string[] = [];
    const refuse = async (key: string) => {
      keys.push(key);
      throw new ApiError({ status: 409, detail: "taken" });
    };
    await expect(all.run("accept:1", { version: 3 }, refuse)).rejects.toThrow("taken");
    await expect(all.run("accept:1", { version: 3 }, refuse)).rejects.toThrow("taken");
    const lost = async (key: string) => {
      keys.push(key);
      throw new Unanswered();
    };
    await expect(all.run("accept:1", { version: 3 }, lost, { repeats: 0 })).rejects.toThrow();
    await expect(all.run("accept:1", { version: 4 }, lost, { repeats: 0 })).rejects.toThrow();
    expect(keys).toEqual(["key1", "key2", "key3", "key4"]);
  });

  it("gives up when it is told that there is no point any more", async () => {
    const server = new Server();
    server.losses = Array.from({ length: 50 }, () => "request" as const);
    let left = 3;
    await expect(
      attempts().made().run("accept:1", {}, server.accept, { repeats: 100, goOn: () => left-- > 0 }),
    ).rejects.toThrow(Unanswered);
    expect(server.sent).toHaveLength(4);
  });

  it("forgets keys before the server does", async () => {
    const { made, clock } = attempts();
    await expect(made().run("accept:1", {}, async () => Promise.reject(new Unanswered()), { repeats: 0 })).rejects.toThrow();
    expect(made().pending("accept:")).toHaveLength(1);
    clock.now += 6 * 86_400_000 + 1;
    expect(made().pending("accept:")).toHaveLength(0);
  });
});

describe("back-off", () => {
  it("doubles to a limit with jitter over the upper half", () => {
    const pace = { first: 100, most: 1000 };
    expect([0, 1, 2, 3, 4, 50, 5000].map((n) => delay(n, pace, () => 0))).toEqual([50, 100, 200, 400, 500, 500, 500]);
    expect([0, 4].map((n) => delay(n, pace, () => 0.9999))).toEqual([100, 1000]);
  });
});
