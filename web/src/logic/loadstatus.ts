import { span } from "./format";
import { offers } from "./market";
import type { Load, Offer } from "./types";
import { words } from "../words/words";

/** How a load stands, in one word; the page's rows carry it as data-state. */
export type Standing =
  | "draft" | "searching" | "asked" | "explained" | "booked"
  | "delivered" | "settled_outside" | "withdrawn" | "expired" | "failed" | "closed";

/** The offers for a load that can still be answered. */
export function openOffers(load: Load): Offer[] {
  return offers.list().filter((offer) => offer.load_id === load.id && (offer.state === "sent" || offer.state === "seen"));
}

export function askedNow(load: Load): number {
  return Math.max(openOffers(load).length, 0);
}

export function standing(load: Load): Standing {
  if (load.state === "committed") return "booked";
  if (load.state === "draft") return "draft";
  if (load.state === "closed") return load.outcome ?? "closed";
  if (askedNow(load) > 0) return "asked";
  return load.answered_at ? "explained" : "searching";
}

export function standingText(load: Load): string {
  const { status } = words();
  const now = standing(load);
  return now === "asked" ? status.asked(askedNow(load)) : status[now];
}

/** The colour of a standing. */
export function tone(now: Standing): string {
  switch (now) {
    case "booked":
    case "delivered":
      return "good";
    case "asked":
      return "info";
    case "explained":
    case "failed":
      return "warn";
    case "searching":
      return "busy";
    default:
      return "quiet";
  }
}

/** How long until the load has to be answered, or how late the answer is. */
export function answerClock(load: Load, now: number): { text: string; late: boolean } | undefined {
  if (load.state !== "posted" || load.answered_at || !load.answer_by) return undefined;
  const left = Date.parse(load.answer_by) - now;
  const { status } = words();
  const text = span(left / 1000);
  return left >= 0 ? { text: status.answerIn(text), late: false } : { text: status.answerLate(text), late: true };
}
