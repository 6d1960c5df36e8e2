import { describe, expect, it } from "vitest";
import { gather, linesRefused, stillOpen, together } from "../src/logic/bundle";
import type { Bundle, Offer } from "../src/logic/types";

const offer = (id: string, part: Partial<Offer> = {}) => ({ id, state: "seen", price_fen: 30_000, bundle_id: "bn_1", ...part }) as Offer;
const bundle = (...lines: Offer[]) => ({ id: "bn_1", version: 1, state: "open", lines: lines.map((line) => ({ offer: line })) }) as unknown as Bundle;
const nothing = () => undefined;

describe("loads that ride together", () => {
  it("are those that can be answered, as they are known now", () => {
    const whole = bundle(offer("a"), offer("b"), offer("c", { state: "expired" }), offer("d"));
    const now: Record<string, Offer> = { b: offer("b", { state: "superseded" }), d: offer("d", { price_fen: 1 }) };
    expect(together(whole, (id) => now[id]).map(({ id, price_fen }) => [id, price_fen])).toEqual([["a", 30_000], ["d", 1]]);
  });

  it("leave out whose price is bargained over, which is open all the same", () => {
    const whole = bundle(offer("a"), offer("b", { state: "countered" }));
    expect(together(whole, nothing).map(({ id }) => id)).toEqual(["a"]);
    expect(stillOpen(whole, nothing)).toHaveLength(2);
  });

  it("leave out what has come to stand by itself or in another bundle", () => {
    const now: Record<string, Offer> = { a: { ...offer("a"), bundle_id: "bn_2" }, b: offer("b") };
    expect(together(bundle(offer("a"), offer("b")), (id) => now[id]).map(({ id }) => id)).toEqual(["b"]);
  });

  it("stand where the first of them stood, so that nothing moves from under a thumb", () => {
    const list = [offer("x", { bundle_id: "" }), offer("a"), offer("y", { bundle_id: "" }), offer("b"), offer("z", { state: "expired" })];
    const items = gather(list, [bundle(offer("a"), offer("b"), offer("z", { state: "expired" }))], nothing);
    expect(items.map((item) => ("offer" in item ? item.offer.id : item.lines.map(({ id }) => id)))).toEqual(["x", ["a", "b"], "y", "z"]);
  });

  it("are single offers again when one is left", () => {
    const items = gather([offer("a")], [bundle(offer("a"), offer("b", { state: "superseded" }))], nothing);
    expect(items).toEqual([{ offer: offer("a") }]);
  });
});

describe("a refusal", () => {
  const shown = new Map([["a", 30_000], ["b", 20_000], ["c", 10_000]]);

  it("names the lines that are not as they were shown", () => {
    const faults = [
      { field: "version", problem: "stale_version", value: "1", want: "2" },
      { field: "lines", problem: "stale_version", value: "a", want: "30000fen" },
      { field: "lines", problem: "stale_version", value: "b", want: "25000fen" },
      { field: "lines", problem: "taken", value: "c" },
      { field: "lines", problem: "state", value: "answered-long-ago" },
    ];
    expect(linesRefused(faults, shown)).toEqual([{ line: "b", problem: "stale_version", fen: 25_000 }, { line: "c", problem: "taken" }]);
  });

  it("says why a line does not fit", () => {
    expect(linesRefused([{ field: "lines", problem: "unfit", value: "a", reason: "weight" }], shown)).toEqual([{ line: "a", problem: "unfit", reason: "weight" }]);
  });
});
