import { describe, expect, it } from "vitest";
import { months, statementPath } from "../src/logic/statement";

describe("the months of a statement", () => {
  it("are those of the market's zone, over the turn of a year", () => {
    const newYear = Date.parse("2026-12-31T16:00:00Z"); // midnight in Shanghai
    expect(months(newYear, "Asia/Shanghai").slice(0, 3)).toEqual(["2027-02", "2027-01", "2026-12"]);
    expect(months(newYear - 1, "Asia/Shanghai").slice(0, 3)).toEqual(["2027-01", "2026-12", "2026-11"]);
    expect(months(newYear, "UTC")[1]).toBe("2026-12");
  });

  it("are thirteen, each once, and as the server takes them", () => {
    const all = months(Date.parse("2026-03-31T12:00:00Z"), "Asia/Shanghai");
    expect(all).toHaveLength(13);
    expect(new Set(all).size).toBe(13);
    expect([all[0], all[1], all[12]]).toEqual(["2026-04", "2026-03", "2025-04"]);
    for (const month of all) expect(month).toMatch(/^[0-9]{4}-(0[1-9]|1[0-2])$/);
    expect(statementPath("2026-11")).toBe("/v1/statements/csv?month=2026-11");
  });
});
