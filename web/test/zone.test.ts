import { describe, expect, it, vi } from "vitest";
import { daysBetween, fromLocal, offset, onDay, toLocal, toRFC3339 } from "../src/logic/zone";

const at = (text: string) => Date.parse(text);

describe("wall clocks of the market", () => {
  it("means the market's zone, whatever the browser's is", () => {
    for (const zone of ["Asia/Shanghai", "Europe/Berlin", "America/St_Johns", "Asia/Kolkata", "UTC"]) {
      vi.stubEnv("TZ", "Pacific/Auckland");
      const ms = fromLocal("2026-07-20T08:30", zone);
      expect(ms, zone).toBeDefined();
      expect(toLocal(ms ?? 0, zone)).toBe("2026-07-20T08:30");
    }
    expect(fromLocal("2026-07-20T08:30", "Asia/Shanghai")).toBe(at("2026-07-20T00:30:00Z"));
    expect(fromLocal("2026-07-20T08:30", "America/St_Johns")).toBe(at("2026-07-20T11:00:00Z"));
  });

  it("writes RFC 3339 with the zone's offset", () => {
    const ms = at("2026-07-20T00:30:00Z");
    expect(toRFC3339(ms, "Asia/Shanghai")).toBe("2026-07-20T08:30:00+08:00");
    expect(toRFC3339(ms, "America/St_Johns")).toBe("2026-07-19T22:00:00-02:30");
    expect(toRFC3339(ms, "UTC")).toBe("2026-07-20T00:30:00Z");
  });

  it("comes back to the same instant over a year of every few hours", () => {
    for (const zone of ["Asia/Shanghai", "Europe/Berlin", "Australia/Lord_Howe"]) {
      for (let ms = at("2026-01-01T00:00:00Z"); ms < at("2027-01-01T00:00:00Z"); ms += 17_100_000) {
        expect(Date.parse(toRFC3339(ms, zone))).toBe(ms);
        const back = fromLocal(toLocal(ms, zone), zone) ?? NaN;
        // Only the second of two equal wall clocks may come back as the first.
        expect(back === ms || toLocal(back, zone) === toLocal(ms, zone)).toBe(true);
      }
    }
  });

  it("takes the first of an hour that occurs twice and moves a skipped one forward", () => {
    expect(fromLocal("2026-10-25T02:30", "Europe/Berlin")).toBe(at("2026-10-25T00:30:00Z"));
    expect(fromLocal("2026-03-29T02:30", "Europe/Berlin")).toBe(at("2026-03-29T01:30:00Z"));
  });

  it("refuses what is no date", () => {
    for (const text of ["", "2026-07-20", "08:30", "2026-02-30T08:00", "2026-13-01T08:00", "2026-07-20T25:00", "2026-07-20T08:75", "tomorrow"]) {
      expect(fromLocal(text, "Asia/Shanghai"), text).toBeUndefined();
    }
  });

  it("reckons days on the wall calendar", () => {
    expect(onDay("2026-02-27T23:15", 2, "08:00")).toBe("2026-03-01T08:00");
    expect(daysBetween("2026-02-27T23:59", "2026-03-01T00:00")).toBe(2);
    expect(offset(at("2026-07-20T00:00:00Z"), "Asia/Shanghai")).toBe(8 * 3_600_000);
  });
});
