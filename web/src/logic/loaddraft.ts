import { gateTerms } from "./gatedraft";
import { careDraft, careTerms, noCare, type CareDraft } from "./caredraft";
import type { Words } from "../words/words";
import { decimal, scaledUp } from "./decimal";
import type { Shown } from "./faults";
import { totals, type PieceDraft } from "./measure";
import type { Capability, Load, LoadTerms, Place, Stop } from "./types";
import { daysBetween, fromLocal, onDay, toLocal, toRFC3339 } from "./zone";

/** A place chosen from the list; text is what the input shows. */
export interface PlaceDraft {
  text: string;
  town?: string;
  lat?: number;
  lng?: number;
  /** The point is that of a larger unit: a pin has to be set before it is sent. */
  rough?: boolean;
}

export interface StopDraft {
  place: PlaceDraft;
  address: string;
  name: string;
  phone: string;
  open: string;
  close: string;
}

/** A load as it stands in the form: texts as typed, times as wall clocks of the market. */
export interface LoadDraft {
  goods: string;
  ref: string;
  pickup: StopDraft;
  delivery: StopDraft;
  by: "pieces" | "totals";
  pieces: PieceDraft[];
  kg: string;
  m3: string;
  floor: string;
  needs: Capability[];
  care: CareDraft;
  /** UN number of a known load, which the form does not show. */
  un?: string;
  ceiling: string;
  /** Whether the shipper looks first: what an operator takes is held until it says yes. */
  hold?: boolean;
  /** For how many minutes operators are asked one at a time. */
  sole?: number;
  /** The wall clock by which an answer is wanted; "" leaves it to the server. */
  answerBy: string;
}

export const noPiece: PieceDraft = { count: "", length: "", width: "", height: "", kg: "" };

/** The day's working hours, as the form proposes them. */
export const hours = { open: "08:00", close: "18:00" };

/** The window proposed for a pickup on the day: today from now on, another day its working hours. */
export function dayWindow(now: number, days: number, zone: string): { open: string; close: string } {
  const today = toLocal(now, zone);
  if (days > 0) return { open: onDay(today, days, hours.open), close: onDay(today, days, hours.close) };
  const next = toLocal(Math.ceil(now / 1_800_000) * 1_800_000, zone);
  const close = onDay(today, 0, hours.close);
  return { open: next, close: next < onDay(today, 0, "17:00") ? close : onDay(today, 0, "23:30") };
}

/**
 * The window proposed at a dock that is open at hours of its own, past midnight too: on the
 * day of the stop, or the next one that has any of them left; not before now.
 */
export function dockWindow(opens: string, shuts: string, stop: string, now: number, zone: string): { open: string; close: string } {
  const today = toLocal(now, zone);
  const next = toLocal(Math.ceil(now / 1_800_000) * 1_800_000, zone);
  const day = stop > today ? stop : today;
  for (let i = 0; ; i++) {
    const open = onDay(day, i, opens);
    const close = onDay(day, shuts > opens ? i : i + 1, shuts);
    if (close > next) return { open: open > next ? open : next, close };
  }
}

/** A blank form; last gives what a clerk would type again: the own side and the kind of goods. */
export function blankLoad(now: number, zone: string, last?: LoadDraft): LoadDraft {
  const late = toLocal(now, zone).slice(11) >= "15:00";
  const pickup = dayWindow(now, late ? 1 : 0, zone);
  const delivery = dayWindow(now, late ? 2 : 1, zone);
  const stop = { place: { text: "" }, address: "", name: "", phone: "" };
  return {
    goods: "",
    ref: "",
    pickup: { ...(last?.pickup ?? stop), ...pickup },
    delivery: { ...stop, ...delivery },
    by: last?.by ?? "pieces",
    pieces: [noPiece],
    kg: "",
    m3: "",
    floor: "",
    needs: last?.needs ?? [],
    care: noCare,
    ceiling: "",
    answerBy: "",
  };
}

/** The form of a known load, for editing it. */
export function draftOf(load: Load, zone: string): LoadDraft {
  const pieces = load.size.pieces ?? [];
  const text = (n: number | undefined) => (n ? String(n) : "");
  return {
    goods: load.goods,
    ref: load.ref ?? "",
    pickup: stopDraft(load.pickup, zone),
    delivery: stopDraft(load.delivery, zone),
    by: pieces.length > 0 ? "pieces" : "totals",
    pieces: pieces.map((p): PieceDraft => ({
      count: text(p.count), length: text(p.length_m), width: text(p.width_m), height: text(p.height_m), kg: text(p.kg),
      ...(p.stacking && { stacking: p.stacking }),
    })).concat(pieces.length > 0 ? [] : [noPiece]),
    kg: text(load.size.kg),
    m3: pieces.length > 0 || !load.size.litres ? "" : String(load.size.litres / 1000),
    floor: pieces.length > 0 ? "" : text(load.size.floor_m),
    needs: load.needs ?? [],
    care: careDraft(load),
    ...(load.hazmat?.un && { un: load.hazmat.un }),
    ceiling: ownCeiling(load),
    ...(load.hold && { hold: true }),
    ...(load.exclusive_min && { sole: load.exclusive_min }),
    answerBy: ownAnswerBy(load, zone),
  };
}

// The share of the estimate that the server takes where no ceiling is stated.
const usualPercent = 90;

/** The ceiling as the shipper stated it; "" where it is the usual one, which follows the terms. */
function ownCeiling({ ceiling_fen, alone_fen }: Load): string {
  if (!ceiling_fen || ceiling_fen === Math.floor(((alone_fen ?? 0) * usualPercent) / 100)) return "";
  return String(ceiling_fen / 100);
}

// When the server wants an answer where nobody says: so long before pickup closes, but
// not sooner than so long after posting.
const usualBefore = 2 * 3_600_000;
const usualAfter = 30 * 60_000;

/** The time of the answer as the shipper stated it; "" where it is the usual one. */
function ownAnswerBy({ answer_by, posted_at, pickup }: Load, zone: string): string {
  const at = Date.parse(answer_by ?? "");
  const usual = [Date.parse(pickup.window.close) - usualBefore, Date.parse(posted_at ?? "") + usualAfter];
  return Number.isNaN(at) || usual.some((one) => Math.abs(one - at) < 60_000) ? "" : toLocal(at, zone);
}

function stopDraft(stop: Stop, zone: string): StopDraft {
  const { place, contact, window } = stop;
  return {
    place: { text: place.town, town: place.town, lat: place.lat, lng: place.lng },
    address: place.address ?? "",
    name: contact?.name ?? "",
    phone: contact?.phone ?? "",
    open: toLocal(Date.parse(window.open), zone),
    close: toLocal(Date.parse(window.close), zone),
  };
}

/**
 * Another load like this one: same places, goods and sizes; the windows move by whole
 * days until pickup lies ahead; the reference stays behind, since it is unique.
 */
export function again(draft: LoadDraft, now: number, zone: string): LoadDraft {
  const today = toLocal(now, zone);
  let days = Math.max(0, daysBetween(draft.pickup.open, today));
  if (onDay(draft.pickup.close, days, draft.pickup.close.slice(11)) <= today) days++;
  const move = (local: string) => onDay(local, days, local.slice(11));
  const shift = (stop: StopDraft) => ({ ...stop, open: move(stop.open), close: move(stop.close) });
  return { ...draft, ref: "", answerBy: "", pickup: shift(draft.pickup), delivery: shift(draft.delivery) };
}

/** Reads the form: the terms to send, or what has to be mended before asking the server. */
export function loadTerms(draft: LoadDraft, zone: string, say: Words["common"]): { terms: LoadTerms; faults: Shown[] } {
  const form = new Reading(zone, say);
  const terms: LoadTerms = {
    goods: form.text("goods", draft.goods),
    pickup: form.stop("pickup", draft.pickup),
    delivery: form.stop("delivery", draft.delivery),
    size: form.size(draft),
    ...careTerms(form, draft.care, draft.un),
  };
  for (const side of ["pickup", "delivery"] as const) {
    const gate = gateTerms(form, side, draft.care.gates[side]);
    if (gate) terms[side].gate_hours = gate;
  }
  if (draft.care.stacking) terms.size.stacking = draft.care.stacking;
  if (draft.care.access) terms.size.access = draft.care.access;
  if (draft.ref.trim()) terms.ref = draft.ref.trim();
  if (draft.needs.length > 0) terms.needs = draft.needs;
  const ceiling = form.number("ceiling_fen", draft.ceiling, false);
  if (ceiling) terms.ceiling_fen = Math.round(ceiling * 100);
  if (draft.hold) terms.hold = true;
  if (draft.sole) terms.exclusive_min = draft.sole;
  if (draft.answerBy) {
    const at = form.time("answer_by", draft.answerBy);
    if (!Number.isNaN(at)) terms.answer_by = toRFC3339(at, zone);
  }
  return { terms, faults: form.faults };
}

/** Reads inputs one by one and notes what is wrong with each under its field's name. */
export class Reading {
  readonly faults: Shown[] = [];

  constructor(
    private readonly zone: string,
    private readonly say: Words["common"],
  ) {}

  fault(field: string, text: string): void {
    this.faults.push({ field, text });
  }

  notNumber(field: string): void {
    this.fault(field, this.say.notNumber);
  }

  missing(field: string): void {
    this.fault(field, this.say.required);
  }

  text(field: string, text: string): string {
    if (!text.trim()) this.fault(field, this.say.required);
    return text.trim();
  }

  number(field: string, text: string, required: boolean): number {
    const n = decimal(text);
    if (n === undefined && required) this.fault(field, this.say.required);
    if (n !== undefined && (Number.isNaN(n) || n < 0)) this.fault(field, this.say.notNumber);
    return n === undefined || Number.isNaN(n) ? 0 : n;
  }

  time(field: string, local: string): number {
    const ms = fromLocal(local, this.zone);
    if (ms === undefined) this.fault(field, this.say.notDate);
    return ms ?? NaN;
  }

  place(field: string, place: PlaceDraft): Place {
    const { town, lat, lng } = place;
    if (town === undefined || lat === undefined || lng === undefined) {
      this.fault(field, place.text.trim() ? this.say.pickPlace : this.say.required);
      return { town: "", lat: 0, lng: 0 };
    }
    if (place.rough) this.fault(field, this.say.pinPlace);
    return { town, lat, lng };
  }

  window(field: string, open: string, close: string): Stop["window"] {
    const [from, until] = [this.time(`${field}.open`, open), this.time(`${field}.close`, close)];
    if (until < from) this.fault(`${field}.close`, this.say.windowOrder);
    const write = (ms: number) => (Number.isNaN(ms) ? "" : toRFC3339(ms, this.zone));
    return { open: write(from), close: write(until) };
  }

  stop(field: string, draft: StopDraft): Stop {
    const place = this.place(`${field}.place`, draft.place);
    if (draft.address.trim()) place.address = draft.address.trim();
    const stop: Stop = { place, window: this.window(`${field}.window`, draft.open, draft.close) };
    const [name, phone] = [draft.name.trim(), draft.phone.trim()];
    if (name || phone) stop.contact = { ...(name && { name }), ...(phone && { phone }) };
    return stop;
  }

  size(draft: LoadDraft): LoadTerms["size"] {
    if (draft.by === "totals") {
      const size: LoadTerms["size"] = {
        kg: this.number("size.kg", draft.kg, true),
        floor_m: this.number("size.floor_m", draft.floor, true),
      };
      const m3 = this.number("size.litres", draft.m3, false);
      if (m3) size.litres = scaledUp(m3, 1000);
      return size;
    }
    const pieces = draft.pieces.map((p, i) => {
      const at = (name: string) => `size.pieces[${i}].${name}`;
      const kg = this.number(at("kg"), p.kg, false);
      return {
        count: this.number(at("count"), p.count, true),
        length_m: this.number(at("length_m"), p.length, true),
        width_m: this.number(at("width_m"), p.width, true),
        height_m: this.number(at("height_m"), p.height, true),
        ...(kg > 0 && { kg }),
        ...(p.stacking && { stacking: p.stacking }),
      };
    });
    const gross = this.number("size.kg", draft.kg, false);
    if (gross === 0 && totals(draft.pieces).kg === 0 && this.faults.length === 0) this.fault("size.kg", this.say.required);
    return { pieces, ...(gross > 0 && { kg: gross }) };
  }
}
