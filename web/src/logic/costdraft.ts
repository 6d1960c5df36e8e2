// What vehicles cost, as a form has it and as versions of it differ.

import { decimal } from "./decimal";
import type { Shown } from "./faults";
import type { CostModel, Rate, VehicleType } from "./types";

export const parts = ["fixed_fen", "per_km_fen", "per_hour_fen", "toll_fen"] as const;
export type Part = (typeof parts)[number];

/** The rates of a form: yuan as people type them, by type and part. */
export interface CostDraft {
  margin: string;
  discount: string;
  rates: Record<string, Record<Part, string>>;
}

const inYuan = (fen: number): string => String(fen / 100);

export function costDraft(model: CostModel): CostDraft {
  const rates = model.types.map((rate) => [rate.type, Object.fromEntries(parts.map((part) => [part, inYuan(rate[part])])) as Record<Part, string>]);
  return { margin: String(model.margin_percent), discount: String(model.discount_percent), rates: Object.fromEntries(rates) };
}

// The bounds of the API, in the form's units.
const most = 100_000;
const least: Record<Part, number> = { fixed_fen: 0, per_km_fen: 0.01, per_hour_fen: 0.01, toll_fen: 0 };

interface Say {
  required: string;
  notNumber: string;
  outside: (least: string, most: string) => string;
}

/** What is to be sent, and what cannot be: each fault names the input. */
export function costTerms(draft: CostDraft, replaces: number, types: VehicleType[], say: Say) {
  const faults: Shown[] = [];
  const amount = (field: string, text: string, low: number, high: number, whole: boolean): number => {
    const n = decimal(text);
    const bad = n === undefined ? say.required : Number.isNaN(n) || (whole && !Number.isInteger(n)) ? say.notNumber : n < low || n > high ? say.outside(String(low), String(high)) : "";
    if (bad) faults.push({ field, text: bad });
    return n ?? 0;
  };
  const rate = (type: VehicleType, at: number): Rate => {
    const fen = (part: Part) => Math.round(amount(`types[${at}].${part}`, draft.rates[type]?.[part] ?? "", least[part], most, false) * 100);
    return { type, fixed_fen: fen("fixed_fen"), per_km_fen: fen("per_km_fen"), per_hour_fen: fen("per_hour_fen"), toll_fen: fen("toll_fen") };
  };
  const terms = {
    replaces,
    margin_percent: amount("margin_percent", draft.margin, 100, 1000, true),
    discount_percent: amount("discount_percent", draft.discount, 0, 99, true),
    types: types.map(rate),
  };
  return { terms, faults };
}

/** What a hire of its own comes to, as an example that shows a slip of the decimal point. */
export const example = (rate: Omit<Rate, "type">, km: number, hours: number): number =>
  rate.fixed_fen + (rate.per_km_fen + rate.toll_fen) * km + rate.per_hour_fen * hours;

/** One value that a version changed. */
export interface Change {
  what: Part | "margin_percent" | "discount_percent";
  type?: VehicleType;
  from: number;
  to: number;
}

/** What a version changed of the one before it. */
export function changes(now: CostModel, before: CostModel): Change[] {
  const found: Change[] = [];
  for (const what of ["margin_percent", "discount_percent"] as const) {
    if (now[what] !== before[what]) found.push({ what, from: before[what], to: now[what] });
  }
  for (const rate of now.types) {
    const was = before.types.find((one) => one.type === rate.type);
    for (const what of parts) if (was && was[what] !== rate[what]) found.push({ what, type: rate.type, from: was[what], to: rate[what] });
  }
  return found;
}
