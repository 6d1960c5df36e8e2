import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { newKey } from "../logic/attempt";
import { live, tickets } from "../logic/desk";
import { when } from "../logic/format";
import { goodsOf, nextActs, type Dock, type Goods, type Unsent } from "../logic/goods";
import { bookings, clock, face, mayHaul, mayPost, me, now, reread } from "../logic/market";
import { explain, notes, read } from "../logic/net";
import { Outbox } from "../logic/outbox";
import type { Booking, GoodsEvent, Step } from "../logic/types";
import { words } from "../words/words";
import { Confirm } from "./basics";

/** What this device has told of goods and has no answer to yet. */
export const outbox = new Outbox("pinhuo.goods", {
  notes,
  newKey,
  user: () => me.peek()?.user.id ?? "",
  later: (run, ms) => setTimeout(run, ms),
  send: async ({ booking, event, at, text, key }) => {
    const body = { event, at, ...(text && { text }) };
    try {
      bookings.put(await read<Booking>(`/v1/bookings/${encodeURIComponent(booking)}/goods`, { method: "POST", body, key }));
    } catch (error) {
      reread(`bookings/${booking}`);
      throw error;
    }
  },
});

if (typeof addEventListener === "function") {
  addEventListener("online", () => void outbox.flush());
  addEventListener("storage", (event) => event.key === "pinhuo.goods" && outbox.resume());
}

/** Where the goods of a booking are, with what waits on this device. */
export const goodsNow = (booking: Booking): Goods => goodsOf(booking, outbox.unsent.value);

/** Which words are meant for the reader: a carrier's, or those of everybody else. */
const reader = () => (face.value === "carrier" ? "carrier" : "other");

/** The name of an act, or of what was done. */
function spoken(said: string | Record<Dock, string>, dock: Dock): string {
  return typeof said === "string" ? said : said[dock];
}

const act = (event: GoodsEvent, dock: Dock) => spoken(words().goods.acts[event], dock);
const did = (event: Step["event"], dock: Dock) => spoken(words().goods.did[event], dock);

/** Where the goods of a booking stand, in a few words; nothing where its state says it all. */
export function goodsText(booking: Booking): string {
  const goods = goodsNow(booking);
  const { goods: say, booking: deal } = words();
  if (goods.refused) return say.refusedNow;
  if (goods.docked) return did("arrive", goods.state === "aboard" ? "delivery" : "pickup");
  return deal.states[goods.state];
}

/** What is doubtful about the truck of a booking; nothing as long as nothing is. */
export function doubts(booking: Booking): string {
  const { goods: say } = words();
  if (booking.trip.overdue) return say.overdueRow;
  return booking.trip.unconfirmed_since ? say.unconfirmed[reader()] : "";
}

/** The goods of a booking for both sides and the desk: how they stand, what may be told, what was told when. */
export function GoodsPart({ booking }: { booking: Booking }) {
  const { goods: say } = words();
  const goods = goodsNow(booking);
  const since = booking.trip.unconfirmed_since;
  return (
    <div class="goods" data-testid="goods" data-state={goods.state} data-docked={goods.docked} data-refused={goods.refused}>
      <div role="status">
        {since && <p class="note warn" data-testid="unconfirmed">{say.unconfirmed[reader()]} · {say.unconfirmedSince(when(since, now.value))}</p>}
      </div>
      <Troubles booking={booking} goods={goods} />
      <GoodsActs booking={booking} goods={goods} />
      <Steps goods={goods} />
    </div>
  );
}

/** What is wrong with goods that are aboard, and which officer has it in hand. */
export function Troubles({ booking, goods }: { booking: Booking; goods: Goods }) {
  const { goods: say } = words();
  const told = goods.refused ? say.refusedText[reader()] : booking.trip.overdue ? say.overdue[reader()] : "";
  const ticket = told === "" ? undefined : tickets.list().find((one) => one.booking_id === booking.id && one.kind === "custody" && live(one));
  return (
    <div role="status">
      {told && (
        <p class="note warn" data-testid={goods.refused ? "goods-refused" : "overdue"}>
          {told}{ticket && <> <a href={`/tickets?show=${ticket.id}`} data-testid="custody-ticket">{say.officer(ticket.owner.name)}</a></>}
        </p>
      )}
    </div>
  );
}

const late = 2 * 60_000;

/** Everything that was told of the goods, with its time; also that it was heard much later. */
export function Steps({ goods }: { goods: Goods }) {
  const { goods: say } = words();
  if (goods.steps.length === 0) return null;
  return (
    <ol class="steps" aria-label={say.steps} data-testid="goods-steps">
      {goods.steps.map((step, i) => (
        <li key={`${i}${step.event}`} data-testid="goods-step" data-event={step.event} data-unsent={step.unsent ?? false}>
          <time dateTime={step.at}>{when(step.at, now.value)}</time> <b>{did(step.event, step.dock)}</b>
          <span class="soft">
            {step.by && face.value !== step.by && ` · ${say.by[step.by]}`}
            {step.told_at && Date.parse(step.told_at) - Date.parse(step.at) > late && ` · ${say.heard(when(step.told_at, now.value))}`}
            {step.unsent && ` · ${say.unsent}`}
          </span>
          {step.text && <span class="line">{step.text}</span>}
        </li>
      ))}
    </ol>
  );
}

const endings = ["hand_over", "return", "cancel", "no_show"] as const;
const shippers = ["hand_over", "return"] as const;
const isEnding = (event: GoodsEvent | ""): event is (typeof endings)[number] => (endings as readonly string[]).includes(event);

/** One big button for what comes next, the rest behind a tap; what ends the custody asks once more. */
export function GoodsActs({ booking, goods, first = true }: { booking: Booking; goods: Goods; first?: boolean }) {
  const { goods: say } = words();
  const open = useSignal(false);
  const asking = useSignal<GoodsEvent | "">("");
  const box = useRef<HTMLDivElement>(null);
  const acts = nextActs(goods);
  const stood = useRef(goods.steps.length);
  const driver = mayHaul.value;
  useEffect(() => {
    if (stood.current === goods.steps.length) return;
    stood.current = goods.steps.length;
    open.value = false;
    asking.value = "";
    if (document.activeElement === document.body) box.current?.focus({ preventScroll: true }); // the button that had it is gone
  }, [goods.steps.length]);
  const tell = (event: GoodsEvent, text = "") => {
    const last = Date.parse(goods.steps[goods.steps.length - 1]?.at ?? "");
    const at = Math.max(clock.now(), Number.isNaN(last) ? 0 : last);
    outbox.tell({ booking: booking.id, event, at: new Date(at).toISOString(), ...(text && { text }) });
  };
  const tap = (event: GoodsEvent) => (event === "refuse" || isEnding(event) ? (asking.value = event) : tell(event));
  const shipper = mayPost.value && goods.state === "aboard";
  const dock = goods.state === "aboard" ? "delivery" : "pickup";
  const label = (event: GoodsEvent) => (shipper && (event === "hand_over" || event === "return") ? say.byShipper[event] : act(event, dock));
  const others = shipper ? [...shippers] : acts?.others ?? [];
  const button = (event: GoodsEvent, look: string) => (
    <button key={event} class={`button big wide ${look}`} onClick={() => tap(event)} data-testid={`goods-${event}`}>{label(event)}</button>
  );
  return (
    <div ref={box} tabIndex={-1} role="group" aria-label={say.title}>
      <Unanswered booking={booking} goods={goods} />
      {driver && acts && asking.value !== "refuse" && button(acts.likely, first ? "main" : "")}
      {(driver || shipper) && others.length > 0 && asking.value !== "refuse" && (
        <>
          <button class="button quiet wide" aria-expanded={open.value} onClick={() => (open.value = !open.value)} data-testid="goods-others">{say.others}</button>
          {open.value && <div class="others">{others.map((event) => button(event, ""))}</div>}
        </>
      )}
      {asking.value === "refuse" && <WhyRefused onWhy={(text) => tell("refuse", text)} onBack={() => { asking.value = ""; box.current?.focus({ preventScroll: true }); }} />}
      {isEnding(asking.value) && (
        <Confirm title={say.sure[asking.value]} text={say.sureText[asking.value]} yes={label(asking.value)} tone={asking.value === "cancel" ? "bad" : "main"}
          onYes={() => isEnding(asking.value) && tell(asking.value)} onClose={() => (asking.value = "")} />
      )}
    </div>
  );
}

/** That something is being sent, is kept for want of a line, or was not taken. */
function Unanswered({ booking, goods }: { booking: Booking; goods: Goods }) {
  const { goods: say } = words();
  const kept = goods.steps.filter((step) => step.unsent);
  const refused = outbox.refused.value.get(booking.id);
  const what = kept.map((step) => `${did(step.event, step.dock)} ${when(step.at, now.value)}`).join(" · ");
  return (
    <>
      <div role="status">
        {kept.length > 0 && (outbox.stuck.value
          ? <p class="note warn" data-testid="goods-kept">{say.kept(what)}</p>
          : <p class="soft" data-testid="goods-sending">{say.sending(what)}</p>)}
      </div>
      <div role="alert">
        {refused && <p class="note bad" data-testid="goods-error">{say.notSent(wordFor(refused.act, goods), explain(refused.error))}</p>}
      </div>
    </>
  );
}

const wordFor = (act: Unsent, goods: Goods): string => did(act.event, goods.state === "aboard" ? "delivery" : "pickup");

/** Asks the driver whom the consignee turns away for the reason: one tap, or his own words. */
function WhyRefused({ onWhy, onBack }: { onWhy: (text: string) => void; onBack: () => void }) {
  const { goods: say, common } = words();
  const text = useSignal("");
  const box = useRef<HTMLFormElement>(null);
  useEffect(() => {
    box.current?.querySelector<HTMLElement>("button")?.focus({ preventScroll: true });
    box.current?.scrollIntoView({ block: "nearest" });
  }, []);
  const said = text.value.trim();
  return (
    <form ref={box} class="noes" aria-label={say.why} onSubmit={(event) => { event.preventDefault(); if (said !== "") onWhy(said); }} data-testid="goods-why">
      <p class="soft">{say.why}</p>
      {Object.entries(say.whys).map(([key, label]) => (
        <button key={key} type="button" class="button" onClick={() => onWhy(said === "" ? label : `${label}：${said}`.slice(0, 200))} data-testid={`why-${key}`}>{label}</button>
      ))}
      <label class="field whole">{say.whyText}
        <input type="text" maxLength={180} autocomplete="off" value={text.value} onInput={(event) => (text.value = event.currentTarget.value)} data-testid="why-text" />
      </label>
      <button type="button" class="button quiet" onClick={onBack}>{common.back}</button>
      <button class="button main" aria-disabled={said === ""} data-testid="why-send">{say.whySend}</button>
    </form>
  );
}
