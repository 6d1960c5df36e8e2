import { describe, expect, it } from "vitest";
import { asked, bounds, fenOf, handy, isOpen, priceNow, question, roundsLeft } from "../src/logic/haggle";
import type { Offer } from "../src/logic/types";

const offer = (part: Partial<Offer> = {}) => ({ state: "seen", price_fen: 30_000, alone_fen: 60_000, ...part }) as Offer;

describe("bargaining", () => {
  it("asks the same question until price, times or turn change, whoever has seen it meanwhile", () => {
    const sent = offer({ state: "sent", pickup_eta: "a", drop_eta: "b" });
    expect(question({ ...sent, state: "seen" })).toBe(question(sent));
    expect(question({ ...sent, price_fen: 30_001 })).not.toBe(question(sent));
    expect(question({ ...sent, pickup_eta: "c" })).not.toBe(question(sent));
    expect(question({ ...sent, state: "countered", countered_by: "carrier", counter_fen: 30_000 })).not.toBe(question(sent));
    expect(question({ ...sent, state: "expired" })).not.toBe(question(sent));
  });

  it("asks the operator first, then whoever did not name the price", () => {
    expect(asked(offer())).toBe("carrier");
    expect(asked(offer({ state: "countered", countered_by: "carrier" }))).toBe("shipper");
    expect(asked(offer({ state: "countered", countered_by: "shipper" }))).toBe("carrier");
  });

  it("lets an operator ask for more than is shown or bid, up to going alone", () => {
    expect(bounds(offer())).toEqual({ least: 30_001, most: 60_000 });
    expect(bounds(offer({ state: "countered", countered_by: "shipper", counter_fen: 31_000, rounds: 2 }))).toEqual({ least: 31_001, most: 60_000 });
  });

  it("lets a shipper bid what was shown or more, below what is asked", () => {
    expect(bounds(offer({ state: "countered", countered_by: "carrier", counter_fen: 33_000, rounds: 1 }))).toEqual({ least: 30_000, most: 32_999 });
  });

  it("ends with the fourth price, and where nothing is left between", () => {
    expect(roundsLeft(offer({ rounds: 4 }))).toBe(0);
    expect(bounds(offer({ state: "countered", countered_by: "shipper", counter_fen: 31_000, rounds: 4 }))).toBeUndefined();
    expect(bounds(offer({ alone_fen: 30_000 }))).toBeUndefined();
  });

  it("has round prices at hand, all of which may be named", () => {
    expect(handy(offer())).toEqual([32_000, 33_000, 36_000]);
    expect(handy(offer({ alone_fen: 32_500 }))).toEqual([32_000]);
    const asking = offer({ state: "countered", countered_by: "carrier", counter_fen: 36_000, rounds: 1 });
    const range = bounds(asking);
    for (const fen of handy(asking)) expect(fen >= (range?.least ?? 0) && fen <= (range?.most ?? 0)).toBe(true);
    expect(handy(asking)[0]).toBe(30_000);
  });

  it("reads yuan to the fen, as people type them", () => {
    expect([fenOf("¥330"), fenOf("330.5 元"), fenOf("１２０"), fenOf("0.29")]).toEqual([33_000, 33_050, 12_000, 29]);
    expect(fenOf(" ")).toBeUndefined();
    expect(fenOf("约三百")).toBeNaN();
  });

  it("books what was named last", () => {
    expect(priceNow(offer())).toBe(30_000);
    expect(priceNow(offer({ counter_fen: 31_000 }))).toBe(31_000);
    expect(["sent", "seen", "countered", "accepted", "withdrawn"].map((state) => isOpen(offer({ state: state as Offer["state"] })))).toEqual([true, true, true, false, false]);
  });
});
