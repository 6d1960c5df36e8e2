import { gateDraft, noGate, type GateDraft } from "./gatedraft";
import type { Reading } from "./loaddraft";
import type { LoadCare, Stop, Temperature, VehicleCare } from "./types";

/** What a load demands of the vehicle and of what rides beside it, as typed. */
export interface CareDraft {
  stacking: "" | "none" | "stackable" | "top_only";
  access: "" | "rear" | "side" | "top";
  low: string;
  high: string;
  hazClass: string;
  limited: boolean;
  food: boolean;
  rehandle: boolean;
  /** Minutes that later joiners may cost. */
  delay: string;
  /** When the two places let trucks in. */
  gates: { pickup: GateDraft; delivery: GateDraft };
}

export const noCare: CareDraft = { stacking: "", access: "", low: "", high: "", hazClass: "", limited: false, food: false, rehandle: false, delay: "", gates: { pickup: noGate, delivery: noGate } };

const text = (n: number | undefined) => (n === undefined ? "" : String(n));

/** The form of what a known load demands. */
export function careDraft(load: LoadCare & { pickup: Stop; delivery: Stop; size: { stacking?: CareDraft["stacking"]; access?: CareDraft["access"] } }): CareDraft {
  return {
    stacking: load.size.stacking ?? "",
    access: load.size.access ?? "",
    low: text(load.temperature?.low_c),
    high: text(load.temperature?.high_c),
    hazClass: load.hazmat?.class ?? "",
    limited: load.hazmat?.limited ?? false,
    food: load.food ?? false,
    rehandle: load.rehandle ?? false,
    delay: load.max_delay_s ? String(load.max_delay_s / 60) : "",
    gates: { pickup: gateDraft(load.pickup.gate_hours), delivery: gateDraft(load.delivery.gate_hours) },
  };
}

/** Reads what the load demands; what is left blank is left out. */
export function careTerms(form: Reading, draft: CareDraft, un: string | undefined): LoadCare {
  const temperature = temperatureOf(form, "temperature", draft.low, draft.high);
  const hazClass = draft.hazClass.trim();
  const delay = form.number("max_delay_s", draft.delay, false);
  return {
    ...(temperature && { temperature }),
    ...(hazClass && { hazmat: { class: hazClass, ...(un && { un }), ...(draft.limited && { limited: true }) } }),
    ...(draft.food && { food: true }),
    ...(draft.rehandle && { rehandle: true }),
    ...(delay > 0 && { max_delay_s: Math.round(delay * 60) }),
  };
}

/** Reads a range of temperatures; undefined where both ends are blank. */
export function temperatureOf(form: Reading, field: string, low: string, high: string): Temperature | undefined {
  if (!low.trim() && !high.trim()) return undefined;
  const read = (name: string, typed: string) => {
    const n = Number(typed.trim().replace("−", "-"));
    if (!typed.trim() || !Number.isInteger(n)) form.notNumber(`${field}.${name}`);
    return Number.isInteger(n) ? n : 0;
  };
  return { low_c: read("low_c", low), high_c: read("high_c", high) };
}

/** What a vehicle offers beyond its box, as typed. */
export interface VehicleDraft {
  doors: "" | "rear" | "side";
  doorWidth: string;
  doorHeight: string;
  deck: string;
  coolLow: string;
  coolHigh: string;
  /** Yuan for a minute of moving goods; blank where that is not done. */
  rehandle: string;
}

/** A box truck opens at the rear: what the form proposes. */
export const usualVehicle: VehicleDraft = { doors: "rear", doorWidth: "", doorHeight: "", deck: "", coolLow: "", coolHigh: "", rehandle: "" };

/** The form of what a known vehicle offers. */
export function vehicleDraft(v: VehicleCare): VehicleDraft {
  return {
    doors: v.doors ?? "",
    doorWidth: text(v.door?.width_m),
    doorHeight: text(v.door?.height_m),
    deck: text(v.deck_kg_per_m),
    coolLow: text(v.temperature?.low_c),
    coolHigh: text(v.temperature?.high_c),
    rehandle: v.rehandle_fen_per_min ? String(v.rehandle_fen_per_min / 100) : "",
  };
}

/** Reads what the vehicle offers; what is left blank is left out. */
export function vehicleCare(form: Reading, draft: VehicleDraft): VehicleCare {
  const width_m = form.number("vehicle.door.width_m", draft.doorWidth, false);
  const height_m = form.number("vehicle.door.height_m", draft.doorHeight, false);
  const deck = form.number("vehicle.deck_kg_per_m", draft.deck, false);
  const rehandle = form.number("vehicle.rehandle_fen_per_min", draft.rehandle, false);
  const temperature = temperatureOf(form, "vehicle.temperature", draft.coolLow, draft.coolHigh);
  return {
    ...(draft.doors && { doors: draft.doors }),
    ...((width_m > 0 || height_m > 0) && { door: { ...(width_m > 0 && { width_m }), ...(height_m > 0 && { height_m }) } }),
    ...(deck > 0 && { deck_kg_per_m: deck }),
    ...(rehandle > 0 && { rehandle_fen_per_min: Math.round(rehandle * 100) }),
    ...(temperature && { temperature }),
  };
}
