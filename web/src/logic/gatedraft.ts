import type { Reading } from "./loaddraft";
import type { GateSpan } from "./types";

/** When a place lets trucks in, as typed: one span on every day, or on the first six or five of the week. */
export interface GateDraft {
  opens: string;
  shuts: string;
  days: "7" | "6" | "5";
  /** Spans that the form cannot show, until something is typed. */
  kept?: GateSpan[] | undefined;
}

export const noGate: GateDraft = { opens: "", shuts: "", days: "7" };

const week = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/** The form of known gate hours. */
export function gateDraft(spans: GateSpan[] | undefined): GateDraft {
  const [first, ...more] = spans ?? [];
  if (!first) return noGate;
  const named = first.days ?? week;
  const plain = more.length === 0 && named.length >= 5 && named.every((day, i) => day === week[i]);
  const days = plain ? (String(named.length) as GateDraft["days"]) : "7";
  return { opens: first.opens, shuts: first.shuts, days, ...(!plain && { kept: spans }) };
}

/** Reads gate hours; undefined where the place is always open. */
export function gateTerms(form: Reading, field: string, draft: GateDraft): GateSpan[] | undefined {
  const { opens, shuts, days, kept } = draft;
  if (kept) return kept;
  if (!opens && !shuts) return undefined;
  if (!opens || !shuts) form.missing(`${field}.gate_hours.${opens ? "shuts" : "opens"}`);
  return [{ opens, shuts, ...(days !== "7" && { days: week.slice(0, Number(days)) }) }];
}
