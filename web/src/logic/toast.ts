// Notes that appear for a while and are read out.

import { signal } from "@preact/signals";
import { word, words } from "../words/words";
import { money } from "./format";
import type { Frame, OrgKind } from "./types";

export interface Toast {
  id: number;
  text: string;
  tone: "good" | "info" | "warn";
  to?: string;
}

export const toasts = signal<Toast[]>([]);

const shownFor = 6000;
const atMost = 3;
let count = 0;

export function toast(text: string, tone: Toast["tone"] = "info", to?: string): void {
  const id = ++count;
  toasts.value = [...toasts.peek().slice(1 - atMost), { id, text, tone, ...(to ? { to } : {}) }];
  setTimeout(() => dismiss(id), shownFor);
}

export function dismiss(id: number): void {
  toasts.value = toasts.peek().filter((one) => one.id !== id);
}

/** Tells a person of the kind of organization what an event means for it; at is where the page is. */
export function announce(frame: Frame, kind: OrgKind | undefined, at = ""): void {
  const data = (frame.data ?? {}) as { from?: string; to?: string; price_fen?: number; share_fen?: number; most_fen?: number; counter_fen?: number; countered_by?: string; load_id?: string; kind?: string };
  const { toasts: say, offer } = words();
  const { from = "", to = "", price_fen = 0, share_fen = 0, most_fen = 0, kind: kind_ } = data;
  const route = `${from} → ${to}`;
  switch (`${kind} ${frame.type}`) {
    case "enterprise pinhuo.offer.countered": // whoever named it was told by the answer
      return data.countered_by === "carrier" ? toast(say.asks(route, money(data.counter_fen ?? 0)), "warn", `/loads/${data.load_id}`) : undefined;
    case "carrier pinhuo.offer.countered":
      return data.countered_by === "shipper" ? toast(say.bids(route, money(data.counter_fen ?? 0)), "warn", `/offers?show=${frame.subject}`) : undefined;
    case "enterprise pinhuo.booking.firm": // whoever accepted was told by the answer
      return toast(say.booked(route, money(share_fen)), "good", `/bookings/${frame.subject}`);
    case "enterprise pinhuo.booking.held":
      return toast(say.held(route, money(most_fen)), "warn", `/bookings/${frame.subject}`);
    case "enterprise pinhuo.booking.repriced":
      return toast(say.repriced(route, money(share_fen)), "good", `/bookings/${frame.subject}`);
    case "enterprise pinhuo.booking.final":
      return toast(say.final(route, money(share_fen)), "info", `/bookings/${frame.subject}`);
    case "enterprise pinhuo.booking.released":
    case "carrier pinhuo.booking.released":
      return toast(say.released(route), "warn", `/bookings/${frame.subject}`);
    case "enterprise pinhuo.load.explained":
      return toast(say.explained(route), "warn", `/loads/${frame.subject}`);
    case "enterprise pinhuo.load.expired":
      return toast(say.expired(route), "warn", `/loads/${frame.subject}`);
    case "enterprise pinhuo.load.still_true":
      return toast(say.stillLoad(route), "warn", `/loads/${frame.subject}`);
    case "enterprise pinhuo.load.lapsed":
      return toast(say.lapsedLoad(route), "warn", `/loads/${frame.subject}`);
    case "carrier pinhuo.trip.still_true":
      return toast(say.stillTrip(route), "warn", `/trips/${frame.subject}`);
    case "carrier pinhuo.trip.reconfirm":
      return toast(say.drives(route), "warn", `/trips/${frame.subject}`);
    case "enterprise pinhuo.booking.reconfirmed":
      return toast(say.confirmedTruck(route), "good", `/bookings/${frame.subject}`);
    case "enterprise pinhuo.booking.unconfirmed":
      return toast(say.uncertainTruck(route), "warn", `/bookings/${frame.subject}`);
    case "enterprise pinhuo.booking.arrived": // what befell the goods was told by the driver, who has his answer
      return toast(say.arrived(route), "info", `/bookings/${frame.subject}`);
    case "enterprise pinhuo.booking.aboard":
      return toast(say.aboard(route), "good", `/bookings/${frame.subject}`);
    case "enterprise pinhuo.booking.handed_over":
      return toast(say.handedOver(route), "good", `/bookings/${frame.subject}`);
    case "enterprise pinhuo.booking.refused":
      return toast(say.refused(route), "warn", `/bookings/${frame.subject}`);
    case "enterprise pinhuo.booking.returned":
      return toast(say.returned(route), "warn", `/bookings/${frame.subject}`);
    case "enterprise pinhuo.booking.overdue":
      return toast(say.overdue(route), "warn", `/bookings/${frame.subject}`);
    case "carrier pinhuo.booking.overdue":
      return toast(say.tellGoods(route), "warn", `/bookings/${frame.subject}`);
    case "carrier pinhuo.trip.lapsed":
      return toast(say.lapsedTrip(route), "warn", `/trips/${frame.subject}`);
    case "enterprise pinhuo.pool.formed":
      return toast(say.poolAsked(route, money(price_fen)), "info", `/pools?show=${frame.subject}`);
    case "enterprise pinhuo.pool.dissolved":
      return toast(say.poolGone(route), "warn", `/pools?show=${frame.subject}`);
    case "enterprise pinhuo.ticket.done":
    case "carrier pinhuo.ticket.done":
      return toast(say.ticketDone, "info", `/tickets?show=${frame.subject}`);
    case "desk pinhuo.ticket.opened":
      return toast(say.ticketMine(word(words().ticket.kinds, kind_)), "info", `/tickets?show=${frame.subject}`);
    case "carrier pinhuo.pool.tendered":
      return toast(say.poolTender(route, money(price_fen)), "info", `/pools?show=${frame.subject}`);
    case "carrier pinhuo.trip.explained":
      return toast(say.outlook(route), "warn", `/trips/${frame.subject}`);
    case "carrier pinhuo.trip.reload":
      return toast(say.reload(from, to, money(price_fen)), "info", `/trips/${frame.subject}`);
    case "carrier pinhuo.offer.sent":
      if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(200);
      // Where the card itself appears, and is read out, a note would only lie over what is tapped.
      return at === "/offers" ? undefined : toast(offer.arrived(from, to, money(price_fen)), "info", `/offers?show=${frame.subject}`);
  }
}
