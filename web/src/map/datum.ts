/** A point in degrees. */
export interface Spot {
  lat: number;
  lng: number;
}

const a = 6378245;
const ee = 0.00669342162296594323;

function outside({ lat, lng }: Spot): boolean {
  return lng < 72.004 || lng > 137.8347 || lat < 0.8293 || lat > 55.8271;
}

function wave(x: number, y: number): { lat: number; lng: number } {
  const { PI, sin, sqrt, abs } = Math;
  const common = ((20 * sin(6 * x * PI) + 20 * sin(2 * x * PI)) * 2) / 3;
  const lat = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + common +
    ((20 * sin(y * PI) + 40 * sin((y / 3) * PI)) * 2) / 3 + ((160 * sin((y / 12) * PI) + 320 * sin((y * PI) / 30)) * 2) / 3;
  const lng = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + common +
    ((20 * sin(x * PI) + 40 * sin((x / 3) * PI)) * 2) / 3 + ((150 * sin((x / 12) * PI) + 300 * sin((x / 30) * PI)) * 2) / 3;
  return { lat, lng };
}

/** A point of WGS-84 where a Chinese map (GCJ-02) has it; outside China the same. */
export function shifted(spot: Spot): Spot {
  if (outside(spot)) return { ...spot };
  const d = wave(spot.lng - 105, spot.lat - 35);
  const rad = (spot.lat / 180) * Math.PI;
  const magic = 1 - ee * Math.sin(rad) ** 2;
  return {
    lat: spot.lat + (d.lat * 180) / (((a * (1 - ee)) / (magic * Math.sqrt(magic))) * Math.PI),
    lng: spot.lng + (d.lng * 180) / ((a / Math.sqrt(magic)) * Math.cos(rad) * Math.PI),
  };
}

/** A point of a Chinese map in WGS-84, to the millimetre. */
export function unshifted(spot: Spot): Spot {
  let guess = { ...spot };
  for (let i = 0; i < 8; i++) {
    const there = shifted(guess);
    guess = { lat: guess.lat + spot.lat - there.lat, lng: guess.lng + spot.lng - there.lng };
  }
  return guess;
}

const turn = (Math.PI * 3000) / 180;

/** A point of GCJ-02 where Baidu's maps (BD-09) have it. */
function turned({ lat, lng }: Spot): Spot {
  const far = Math.hypot(lng, lat) + 0.00002 * Math.sin(lat * turn);
  const angle = Math.atan2(lat, lng) + 0.000003 * Math.cos(lng * turn);
  return { lat: far * Math.sin(angle) + 0.006, lng: far * Math.cos(angle) + 0.0065 };
}

/** A point of Baidu's maps in GCJ-02. */
function unturned(spot: Spot): Spot {
  let guess = { lat: spot.lat - 0.006, lng: spot.lng - 0.0065 };
  for (let i = 0; i < 8; i++) {
    const there = turned(guess);
    guess = { lat: guess.lat + spot.lat - there.lat, lng: guess.lng + spot.lng - there.lng };
  }
  return guess;
}

/** What a pair of degrees is given in: inside the project all are WGS-84. */
export type Datum = "wgs84" | "gcj02" | "bd09";

/** The datums, as people are asked for one. */
export const datums: Datum[] = ["wgs84", "gcj02", "bd09"];

/** A point of WGS-84 in a datum. */
export function into(datum: Datum, spot: Spot): Spot {
  return datum === "wgs84" ? { ...spot } : datum === "gcj02" ? shifted(spot) : turned(shifted(spot));
}

/** A point of a datum in WGS-84. */
export function outOf(datum: Datum, spot: Spot): Spot {
  return datum === "wgs84" ? { ...spot } : datum === "gcj02" ? unshifted(spot) : unshifted(unturned(spot));
}
