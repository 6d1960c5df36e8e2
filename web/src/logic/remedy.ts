// The change that would match a load: said in words, and made in the form.

import { amount } from "./format";
import type { LoadDraft } from "./loaddraft";
import type { Load, Remedy } from "./types";
import type { Words } from "../words/words";
import { toLocal } from "./zone";

/** How many handling units a load is stated to have. */
export function pieceCount(load: Load): number {
  return (load.size.pieces ?? []).reduce((sum, piece) => sum + piece.count, 0);
}

/** What is to be changed, as part of a sentence. */
export function remedyText(remedy: Remedy, pieces: number, { remedy: say, needs }: Words): string {
  const by = remedy.by ?? 0;
  const size = amount(by, remedy.unit);
  switch (remedy.kind) {
    case "none":
      return "";
    case "price":
      return say.price_up(size);
    case "access":
      return (remedy.drop ?? []).length === 0 ? say.any : say.access((remedy.drop ?? []).map((need) => needs[need as keyof typeof needs] ?? need).join(" · "));
    case "stacking":
      return say.stacking;
    case "split":
      return say.split(pieces - by, by);
    case "pickup_earlier":
    case "pickup_later":
    case "delivery_earlier":
    case "delivery_later":
    case "pickup_place":
    case "delivery_place":
      return say[remedy.kind](size);
    default:
      return ""; // a change of a trip
  }
}

/** Whether the form can make the change: two parts are two forms, and the form asks nothing of stacking and sides. */
export function inForm({ kind, drop }: Remedy): boolean {
  return !["none", "split", "stacking"].includes(kind) && (kind !== "access" || (drop ?? []).length > 0);
}

const minute = 60_000;

/** The form of the load with the change made. Two parts are two forms: that one is left as it is. */
export function withRemedy(draft: LoadDraft, load: Load, remedy: Remedy, zone: string): LoadDraft {
  const by = remedy.by ?? 0;
  const earlier = (time: string) => toLocal(Math.floor((Date.parse(time) - by * 1000) / minute) * minute, zone);
  const later = (time: string) => toLocal(Math.ceil((Date.parse(time) + by * 1000) / minute) * minute, zone);
  const place = (text: { text: string; town?: string }) => ({ ...text, ...remedy.place });
  switch (remedy.kind) {
    case "pickup_earlier":
      return { ...draft, pickup: { ...draft.pickup, open: earlier(load.pickup.window.open) } };
    case "pickup_later":
      return { ...draft, answerBy: "", pickup: { ...draft.pickup, close: later(load.pickup.window.close) } };
    case "delivery_earlier":
      return { ...draft, delivery: { ...draft.delivery, open: earlier(load.delivery.window.open) } };
    case "delivery_later":
      return { ...draft, delivery: { ...draft.delivery, close: later(load.delivery.window.close) } };
    case "price":
      return { ...draft, ceiling: String(((load.ceiling_fen ?? 0) + by) / 100) };
    case "access":
      return { ...draft, needs: draft.needs.filter((need) => !(remedy.drop ?? []).includes(need)) };
    case "pickup_place":
      return { ...draft, pickup: { ...draft.pickup, address: "", place: place(draft.pickup.place) } };
    case "delivery_place":
      return { ...draft, delivery: { ...draft.delivery, address: "", place: place(draft.delivery.place) } };
    default:
      return draft;
  }
}
