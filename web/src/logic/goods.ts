// Where the goods of a booking are, and what may be told of them next.

import type { Booking, GoodsEvent, Step } from "./types";

/** What was told on this device and not answered yet. */
export interface Unsent {
  key: string;
  /** Who told it: nobody else's session sends it. */
  user: string;
  booking: string;
  event: GoodsEvent;
  at: string;
  text?: string;
}

export type Dock = "pickup" | "delivery";

/** A booking's goods as the person at the device knows them: told, or told and not sent yet. */
export interface Goods {
  state: Booking["state"];
  steps: (Pick<Step, "event" | "at"> & Partial<Step> & { dock: Dock; unsent?: boolean })[];
  /** The truck stands at the dock to which the goods go next. */
  docked: boolean;
  /** The consignee does not take them, and nothing was told since. */
  refused: boolean;
}

const leadsTo: Partial<Record<GoodsEvent, Booking["state"]>> = { load: "aboard", hand_over: "handed_over", return: "returned", cancel: "released", no_show: "released" };

/** What is known of the goods, in the order in which it was told. */
export function goodsOf(booking: Pick<Booking, "id" | "state" | "steps">, unsent: readonly Unsent[]): Goods {
  const own = unsent.filter((one) => one.booking === booking.id);
  let loaded = false;
  const steps = [...(booking.steps ?? []), ...own.map((one) => ({ ...one, unsent: true }))].map((step) => {
    const dock: Dock = loaded ? "delivery" : "pickup";
    loaded ||= step.event === "load";
    return { ...step, dock };
  });
  const state = own.reduce((known, { event }) => leadsTo[event] ?? known, booking.state);
  const last = steps[steps.length - 1];
  return { state, steps, docked: last?.event === "arrive" && (last.dock === "delivery") === (state === "aboard"), refused: state === "aboard" && last?.event === "refuse" };
}

/** The act that is likely next, and those behind it; none where nothing can be told any more. */
export function nextActs({ state, docked, refused }: Goods): { likely: GoodsEvent; others: GoodsEvent[] } | undefined {
  if (state === "firm") return docked ? { likely: "load", others: ["no_show", "cancel"] } : { likely: "arrive", others: ["load", "cancel"] };
  if (state !== "aboard") return undefined;
  if (refused) return { likely: "return", others: ["hand_over", "arrive"] };
  return docked ? { likely: "hand_over", others: ["refuse", "return"] } : { likely: "arrive", others: ["hand_over", "refuse", "return"] };
}

/** The bookings of a trip that have goods to be told of, in the order of the plan's stops. */
export function byStops<T extends Pick<Booking, "load_id">>(riders: readonly { booking: T; goods: Goods }[], plan: readonly { kind: string; load_id?: string }[]): { booking: T; goods: Goods }[] {
  const at = ({ booking, goods }: { booking: T; goods: Goods }) => {
    const found = plan.findIndex((call) => call.load_id === booking.load_id && call.kind === (goods.state === "firm" ? "pickup" : "delivery"));
    return found < 0 ? plan.length : found;
  };
  return riders.filter(({ goods }) => nextActs(goods)).sort((a, b) => at(a) - at(b));
}
