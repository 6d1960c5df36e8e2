import { beforeEach, describe, expect, it } from "vitest";
import { ApiError, Unanswered } from "../src/logic/api";
import { byStops, goodsOf, nextActs, type Unsent } from "../src/logic/goods";
import { Outbox } from "../src/logic/outbox";
import type { Booking, GoodsEvent } from "../src/logic/types";

const at = "2026-07-20T02:00:00Z";
const told = (...events: GoodsEvent[]) => events.map((event) => ({ event, at, told_at: at, by: "carrier" as const }));
const booking = (state: Booking["state"], ...events: GoodsEvent[]) => ({ id: "bk_1", load_id: "ld_1", state, steps: told(...events) });
const unsent = (...events: GoodsEvent[]): Unsent[] => events.map((event, i) => ({ key: `k${i}`, user: "u", booking: "bk_1", event, at }));

describe("what is told of goods next", () => {
  const next = (state: Booking["state"], ...events: GoodsEvent[]) => nextActs(goodsOf(booking(state, ...events), []));

  it("goes from the dock of the pickup to that of the delivery", () => {
    expect(next("firm")).toEqual({ likely: "arrive", others: ["load", "cancel"] });
    expect(next("firm", "arrive")).toEqual({ likely: "load", others: ["no_show", "cancel"] });
    expect(next("aboard", "arrive", "load")).toEqual({ likely: "arrive", others: ["hand_over", "refuse", "return"] });
    expect(next("aboard", "arrive", "load", "arrive")).toEqual({ likely: "hand_over", others: ["refuse", "return"] });
    expect(next("handed_over", "arrive", "load", "arrive", "hand_over")).toBeUndefined();
  });

  it("leads back from a refusal, or to the dock once more", () => {
    expect(next("aboard", "load", "arrive", "refuse")).toEqual({ likely: "return", others: ["hand_over", "arrive"] });
    expect(next("aboard", "load", "arrive", "refuse", "arrive")?.likely).toBe("hand_over");
  });

  it("is nothing while the shipper has to look first, and when it is over", () => {
    expect(nextActs(goodsOf(booking("firm", "arrive"), unsent("no_show")))).toBeUndefined();
    for (const state of ["held", "proven", "released", "returned"] as const) expect(next(state)).toBeUndefined();
  });

  it("reckons with what waits for a line, in the order in which it was told", () => {
    const goods = goodsOf(booking("firm"), [...unsent("arrive", "load", "arrive"), { ...unsent("return")[0]!, booking: "bk_2" }]);
    expect([goods.state, goods.docked, nextActs(goods)?.likely]).toEqual(["aboard", true, "hand_over"]);
    expect(goods.steps.map((step) => [step.event, step.dock, step.unsent])).toEqual([["arrive", "pickup", true], ["load", "pickup", true], ["arrive", "delivery", true]]);
  });

  it("follows the stops of the plan: a pickup until it is aboard, then its delivery", () => {
    const plan = [{ kind: "pickup", load_id: "a" }, { kind: "pickup", load_id: "b" }, { kind: "delivery", load_id: "b" }, { kind: "delivery", load_id: "a" }];
    const rider = (load_id: string, state: Booking["state"], ...events: GoodsEvent[]) => ({ booking: { load_id }, goods: goodsOf(booking(state, ...events), []) });
    const order = (...riders: ReturnType<typeof rider>[]) => byStops(riders, plan).map((one) => one.booking.load_id);
    expect(order(rider("b", "firm"), rider("a", "firm"))).toEqual(["a", "b"]);
    expect(order(rider("b", "firm"), rider("a", "aboard", "load"))).toEqual(["b", "a"]);
    expect(order(rider("b", "handed_over"), rider("a", "aboard", "load"), rider("c", "firm"))).toEqual(["a", "c"]);
  });
});

describe("what is kept until it is answered", () => {
  let memory: Map<string, string>;
  let sent: Unsent[];
  let line: (act: Unsent) => unknown;
  let again: (() => void)[];
  let user: string;
  const settle = () => new Promise((done) => setTimeout(done));
  const box = () => {
    let n = memory.size * 100;
    return new Outbox("g", {
      notes: { getItem: (name) => memory.get(name) ?? null, setItem: (name, value) => void memory.set(name, value), removeItem: (name) => void memory.delete(name) },
      newKey: () => `key${++n}`,
      user: () => user,
      later: (run) => void again.push(run),
      send: async (act) => {
        const fault = line(act);
        if (fault) throw fault;
        sent.push(act);
      },
    });
  };
  beforeEach(() => {
    [memory, sent, again, user] = [new Map(), [], [], "u"];
    line = () => undefined;
  });

  it("goes out at once, and is then forgotten", async () => {
    const b = box();
    b.tell({ booking: "bk_1", event: "refuse", at, text: "货损" });
    await settle();
    expect(sent).toEqual([{ booking: "bk_1", event: "refuse", at, text: "货损", key: "key1", user: "u" }]);
    expect([b.unsent.value, b.stuck.value, memory.size]).toEqual([[], false, 0]);
  });

  it("waits for a line with its own time, its key and its place in the order, over a new page too", async () => {
    line = () => new Unanswered("no line");
    const first = box();
    for (const event of ["arrive", "load"] as const) first.tell({ booking: "bk_1", event, at: `${event} at` });
    first.tell({ booking: "bk_1", event: "load", at: "a second tap" });
    await settle();
    expect([first.stuck.value, first.unsent.value.length]).toEqual([true, 2]);
    const second = box();
    second.resume();
    await settle();
    line = () => undefined;
    again.pop()?.();
    await settle();
    expect(sent.map((act) => [act.event, act.at, act.key])).toEqual([["arrive", "arrive at", "key1"], ["load", "load at", "key2"]]);
    expect([second.unsent.value, second.stuck.value]).toEqual([[], false]);
  });

  it("says what the server did not take, and lets the next go", async () => {
    const fault = new ApiError({ status: 409, detail: "over" });
    line = (act) => (act.event === "arrive" ? fault : undefined);
    const b = box();
    b.tell({ booking: "bk_1", event: "arrive", at });
    b.tell({ booking: "bk_2", event: "load", at });
    await settle();
    expect(sent.map((act) => act.booking)).toEqual(["bk_2"]);
    expect(b.refused.value.get("bk_1")?.error).toBe(fault);
    b.tell({ booking: "bk_1", event: "load", at });
    expect(b.refused.value.size).toBe(0);
  });

  it("tries again after a server that has no time, and waits for who has to sign in", async () => {
    line = () => new ApiError({ status: 503 }, "1");
    const b = box();
    b.tell({ booking: "bk_1", event: "arrive", at });
    await settle();
    expect(again.length).toBe(1);
    line = () => new ApiError({ status: 401 });
    again[0]?.();
    await settle();
    expect([again.length, b.unsent.value.length]).toEqual([1, 1]);
    line = () => undefined;
    b.resume();
    await settle();
    expect(sent.length).toBe(1);
  });

  it("is told by nobody else who signs in on the same phone", async () => {
    line = () => new Unanswered("no line");
    const b = box();
    b.tell({ booking: "bk_1", event: "arrive", at });
    await settle();
    [line, user] = [() => undefined, "another"];
    b.resume();
    await settle();
    expect([sent, b.unsent.value]).toEqual([[], []]);
    user = "u";
    b.resume();
    await settle();
    expect(sent.length).toBe(1);
  });

  it("leaves nothing when it is forgotten", async () => {
    line = () => new Unanswered("no line");
    const b = box();
    b.tell({ booking: "bk_1", event: "arrive", at });
    await settle();
    b.forget();
    expect([memory.size, b.unsent.value]).toEqual([0, []]);
  });
});
