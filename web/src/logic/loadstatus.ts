import { computed } from "@preact/signals";
import { money, span } from "./format";
import { asked, isOpen, priceNow } from "./haggle";
import { bookings, mayPost, now, offers } from "./market";
import type { Load, Offer } from "./types";
import { words } from "../words/words";

/** How a load stands, in one word; the page's rows carry it as data-state. */
export type Standing =
  | "draft" | "searching" | "asked" | "bargain" | "explained" | "held" | "booked"
  | "delivered" | "settled_outside" | "withdrawn" | "expired" | "failed" | "lapsed" | "closed";

const openByLoad = computed(() => {
  const open = new Map<string, Offer[]>();
  for (const offer of offers.list()) {
    if (!isOpen(offer)) continue;
    const known = open.get(offer.load_id);
    if (known) known.push(offer);
    else open.set(offer.load_id, [offer]);
  }
  return open;
});

/** The offers for a load that can still be answered. */
export function openOffers(load: Load): Offer[] {
  if (load.state !== "posted") return [];
  return (openByLoad.value.get(load.id) ?? []).filter((offer) => Date.parse(offer.expires_at) > now.value);
}

/** Whether an operator has named a price that the shipper is to answer. */
export const waitsForShipper = (offer: Offer): boolean => asked(offer) === "shipper";

export function standing(load: Load): Standing {
  if (load.state === "committed") return bookings.get(load.booking_id ?? "")?.state === "held" ? "held" : "booked";
  if (load.state === "draft") return "draft";
  if (load.state === "closed") return load.outcome ?? "closed";
  const open = openOffers(load);
  if (open.some(waitsForShipper)) return "bargain";
  if (open.length > 0) return "asked";
  return load.answered_at ? "explained" : "searching";
}

export function standingText(load: Load): string {
  const { status, haggle } = words();
  const state = standing(load);
  if (state === "bargain") return haggle.status(money(Math.min(...openOffers(load).filter(waitsForShipper).map(priceNow))));
  if (state === "held") return mayPost.value ? status.held.own : status.held.other;
  return state === "asked" ? status.asked(openOffers(load).length) : status[state];
}

/** The colour of a standing. */
export function tone(state: Standing): string {
  switch (state) {
    case "booked":
    case "delivered":
      return "good";
    case "asked":
      return "info";
    case "bargain":
    case "held":
    case "explained":
    case "lapsed":
    case "failed":
      return "warn";
    case "searching":
      return "busy";
    default:
      return "quiet";
  }
}

/** How long until the load has to be answered, or how late the answer is. */
export function answerClock(load: Load): { text: string; late: boolean } | undefined {
  if (load.state !== "posted" || load.answered_at || !load.answer_by) return undefined;
  const left = Date.parse(load.answer_by) - now.value;
  const { status } = words();
  const text = span(left / 1000);
  return left >= 0 ? { text: status.answerIn(text), late: false } : { text: status.answerLate(text), late: true };
}
