import { describe, expect, it } from "vitest";
import { datums, into, outOf, shifted, unshifted } from "../src/map/datum";

describe("the shift of Chinese maps", () => {
  it("is that of GCJ-02", () => {
    const there = shifted({ lat: 31.9, lng: 121.17 });
    expect(there.lng).toBeCloseTo(121.174585864, 7);
    expect(there.lat).toBeCloseTo(31.898134048, 7);
  });

  it("comes back, and leaves the rest of the world alone", () => {
    for (let lat = 4; lat < 54; lat += 7.3) {
      for (let lng = 73; lng < 136; lng += 9.1) {
        const back = unshifted(shifted({ lat, lng }));
        expect(back.lat).toBeCloseTo(lat, 8);
        expect(back.lng).toBeCloseTo(lng, 8);
      }
    }
    expect(shifted({ lat: 48.86, lng: 2.35 })).toEqual({ lat: 48.86, lng: 2.35 });
  });
});

describe("degrees of other maps", () => {
  it("are those of BD-09", () => {
    const there = into("bd09", { lat: 31.9, lng: 121.17 });
    expect(there.lng).toBeCloseTo(121.181045493, 7);
    expect(there.lat).toBeCloseTo(31.904215862, 7);
  });

  it("come back", () => {
    for (const datum of datums) {
      for (let lat = 20; lat < 50; lat += 6.1) {
        for (let lng = 80; lng < 130; lng += 8.3) {
          const back = outOf(datum, into(datum, { lat, lng }));
          expect(back.lat, datum).toBeCloseTo(lat, 8);
          expect(back.lng, datum).toBeCloseTo(lng, 8);
        }
      }
    }
  });
});
