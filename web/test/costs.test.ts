import { describe, expect, it } from "vitest";
import { changes, costDraft, costTerms, example } from "../src/logic/costdraft";
import type { CostModel } from "../src/logic/types";

const model: CostModel = {
  version: 3, margin_percent: 115, discount_percent: 10,
  types: [
    { type: "van", fixed_fen: 8000, per_km_fen: 150, per_hour_fen: 3500, toll_fen: 45 },
    { type: "9.6m", fixed_fen: 20_000, per_km_fen: 320, per_hour_fen: 5000, toll_fen: 95 },
  ],
};
const say = { required: "missing", notNumber: "no number", outside: (a: string, b: string) => `${a}..${b}` };
const types = model.types.map((rate) => rate.type);

describe("what vehicles cost", () => {
  it("goes through the form to the fen", () => {
    const { terms, faults } = costTerms(costDraft(model), 3, types, say);
    expect(faults).toEqual([]);
    expect(terms).toEqual({ replaces: 3, margin_percent: 115, discount_percent: 10, types: model.types });
  });

  it("names each input that cannot be sent", () => {
    const draft = costDraft(model);
    draft.margin = "99";
    draft.discount = "7.5";
    draft.rates["9.6m"] = { fixed_fen: "", per_km_fen: "0", per_hour_fen: "一百", toll_fen: "0" };
    expect(costTerms(draft, 3, types, say).faults).toEqual([
      { field: "margin_percent", text: "100..1000" },
      { field: "discount_percent", text: "no number" },
      { field: "types[1].fixed_fen", text: "missing" },
      { field: "types[1].per_km_fen", text: "0.01..100000" },
      { field: "types[1].per_hour_fen", text: "no number" },
    ]);
  });

  it("tells what a version changed, and nothing of what it kept", () => {
    const before = { ...model, version: 2, margin_percent: 110, types: model.types.map((rate) => ({ ...rate, ...(rate.type === "van" && { toll_fen: 40 }) })) };
    expect(changes(model, before)).toEqual([
      { what: "margin_percent", from: 110, to: 115 },
      { what: "toll_fen", type: "van", from: 40, to: 45 },
    ]);
    expect(changes(model, model)).toEqual([]);
  });

  it("shows by an example what a hire comes to", () => {
    expect(example({ fixed_fen: 8000, per_km_fen: 150, per_hour_fen: 3500, toll_fen: 45 }, 100, 2)).toBe(8000 + 19_500 + 7000);
  });
});
