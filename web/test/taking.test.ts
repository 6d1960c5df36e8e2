import { describe, expect, it } from "vitest";
import { bestQuote, boardPath, takeBody, whyNot } from "../src/logic/taking";
import type { Quote } from "../src/logic/types";

const quote: Quote = {
  load_id: "ld_1", trip_id: "tr_1", load_version: 3, trip_version: 5, at: "2026-11-22T08:00:00Z", ok: true,
  price_fen: 28_000, alone_fen: 90_000, detour: { metres: 3000, seconds: 240 },
};
const refused = (detail: string): Quote => ({ ...quote, ok: false, refusal: { detail } });

describe("taking from the board", () => {
  it("names what was shown, and nothing else", () => {
    const shown = { load_version: 3, trip_version: 5, price_fen: 28_000, detour: { metres: 3000, seconds: 240 } };
    expect(takeBody("carrier", quote)).toEqual({ trip_id: "tr_1", ...shown });
    expect(takeBody("enterprise", quote)).toEqual({ load_id: "ld_1", ...shown });
    expect(boardPath("carrier", "ld_1", "quote")).toBe("/v1/board/loads/ld_1/quote");
    expect(boardPath("enterprise", "tr_1", "book")).toBe("/v1/board/trips/tr_1/book");
  });

  it("puts the first that may be taken before the person", () => {
    expect(bestQuote({ items: [quote, refused("full")], counts: [] })).toBe(quote);
    expect(bestQuote({ items: [refused("full")], counts: [] })).toBeUndefined();
  });

  it("says each reason once", () => {
    expect(whyNot({ items: [refused("full"), refused("late"), refused("full"), quote], counts: [] })).toEqual([
      { text: "full", count: 2 }, { text: "late", count: 1 },
    ]);
  });
});
