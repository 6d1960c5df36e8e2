import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { fareOf } from "../src/logic/fare";
import { announce, toasts } from "../src/logic/toast";
import type { Booking, Frame } from "../src/logic/types";
import { use } from "../src/words/words";

// The looms of docs/price.md: agreed for 102.96, lamps and buttons lower what they pay.
const looms = { state: "firm", price_fen: 10296, share_fen: 6682, most_fen: 60000, saved_fen: 53318 } as const;
const asRead = (change: Partial<Booking>) => ({ ...looms, ...change });

describe("what a booking comes to", () => {
  it("is the share for the shipper, and what it saves by that", () => {
    expect(fareOf(looms, "enterprise")).toEqual({ fen: 6682, standing: "now", saved: 53318, most: 60000 });
  });

  it("is the price agreed for the operator, whoever joins", () => {
    for (const share_fen of [10296, 7087, 6682]) expect(fareOf(asRead({ share_fen }), "carrier")).toEqual({ fen: 10296, standing: "agreed" });
    expect(fareOf(asRead({ final_at: "2026-07-20T02:00:00Z" }), "carrier").standing).toBe("agreed");
  });

  it("is final when the truck has set out: no most is left to speak of", () => {
    expect(fareOf(asRead({ state: "aboard", final_at: "2026-07-20T02:00:00Z" }), "enterprise")).toEqual({ fen: 6682, standing: "final", saved: 53318 });
  });

  it("is only the least while the shipper has not said yes: joining may cost more, up to the most", () => {
    expect(fareOf(asRead({ state: "held", share_fen: 10296 }), "enterprise")).toEqual({ fen: 10296, standing: "least", most: 60000 });
  });

  it("saves nothing once it has ended, final or not", () => {
    for (const state of ["released", "returned"] as const)
      for (const final_at of ["", "2026-07-20T02:00:00Z"]) expect(fareOf(asRead({ state, final_at }), "enterprise")).toEqual({ fen: 6682, standing: "ended" });
  });

  it("is the shipper's share for the desk, which may not be told the most", () => {
    const { most_fen: _, ...told } = looms;
    expect(fareOf(told, "desk")).toEqual({ fen: 6682, standing: "now", saved: 53318 });
  });
});

describe("what a shipper is told of its money", () => {
  const data = { from: "海门", to: "常州", price_fen: 10296, share_fen: 6682, most_fen: 60000 };
  const told = (type: string, kind: "enterprise" | "carrier") => {
    announce({ type, subject: "bk_1", data } as unknown as Frame, kind);
    return toasts.value.at(-1)?.text;
  };
  afterEach(() => vi.useRealTimers());
  beforeEach(() => {
    vi.useFakeTimers();
    toasts.value = [];
  });

  it.each(["zh-CN", "en"] as const)("in %s is the share, never the carrier's price", async (language) => {
    await use(language);
    for (const type of ["firm", "repriced", "final"]) expect(told(`pinhuo.booking.${type}`, "enterprise"), type).toContain("¥66.82");
    expect(told("pinhuo.booking.held", "enterprise")).toContain("¥600");
    for (const one of toasts.value) expect(one.text).not.toContain("102.96");
  });

  it("is not told to the operator, whose price has not changed", () => {
    expect(told("pinhuo.booking.repriced", "carrier")).toBeUndefined();
    expect(told("pinhuo.booking.final", "carrier")).toBeUndefined();
  });
});
